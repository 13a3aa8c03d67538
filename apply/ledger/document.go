package ledger

import (
	"fmt"
	"io"
)

// documentVersion is the version of the documents that are written. Older ones are read, and so migrated with the next
// version of the ledger that is saved.
const documentVersion = 1

// keySize is the length of the key of the digests, in bytes.
const keySize = 32

// document is a ledger in memory.
type document struct {
	lineage      string // empty until something is recorded
	serial       uint64 // zero as long as there is no document on disk
	digestKey    []byte
	journal      string // id of the journal that was merged last
	environments map[string]memory
}

// newDocument returns the memory of a ledger that does not exist yet.
func newDocument(random io.Reader) (*document, error) {
	key := make([]byte, keySize)
	if _, err := io.ReadFull(random, key); err != nil {
		return nil, fmt.Errorf("make a key for digests: %w", err)
	}
	return &document{digestKey: key}, nil
}

// at returns the memory of the environment with this id, which it adds if there is none.
func (d *document) at(id string) memory {
	if d.environments == nil {
		d.environments = map[string]memory{}
	}
	if d.environments[id] == nil {
		d.environments[id] = memory{}
	}
	return d.environments[id]
}
