package ledger

import (
	"bytes"
	"fmt"
	"io"

	"github.com/google/uuid"
)

// documentVersion is the version of the documents that are written. Older ones are read, and so migrated with the next
// version of the ledger that is saved.
const documentVersion = 2

const (
	// keySize is the length of the key of the digests, in bytes.
	keySize = 32
	// maxSerial is the largest number that every reader of JSON knows exactly.
	maxSerial = 1<<53 - 1
)

// document is a ledger in memory.
type document struct {
	lineage      string // empty until something is recorded
	serial       uint64 // zero as long as there is no document at home
	digestKey    []byte
	journal      merged
	environments map[string]*memory
	// version1 has the environments of a document of version 1 until the journal that may continue it is merged.
	version1 map[string]memory1
}

// merged is how far a journal was merged: up to the line with this sum. It is the one that was merged last.
type merged struct {
	ID  string `json:"id"`
	Sum string `json:"sum,omitempty"` // empty for a journal of version 1, all of which was merged
}

// checkSerial refuses to go on from the last serial that there is.
func checkSerial(serial uint64) error {
	if serial >= maxSerial {
		return fmt.Errorf("the serial %d is the last one, so that nothing more can be recorded", serial)
	}
	return nil
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
func (d *document) at(id string) *memory {
	if d.environments == nil {
		d.environments = map[string]*memory{}
	}
	if d.environments[id] == nil {
		d.environments[id] = newMemory()
	}
	return d.environments[id]
}

// versionError says that a file has a version that cannot be read.
type versionError struct{ version, newest int }

func (e *versionError) Error() string {
	if e.version > e.newest {
		return fmt.Sprintf("version %d is of a newer riveter, and this one knows none after %d: use the newer one",
			e.version, e.newest)
	}
	return fmt.Sprintf("there never was a version %d", e.version)
}

// newUUID returns a random UUID.
func newUUID(random io.Reader) (string, error) {
	id, err := uuid.NewRandomFromReader(random)
	if err != nil {
		return "", fmt.Errorf("make an id: %w", err)
	}
	return id.String(), nil
}

// HeadSize is how many bytes of a file [IsDocument] needs.
const HeadSize = 1 << 10

// IsDocument reports whether a file that begins like this is a ledger's document.
func IsDocument(head []byte) bool {
	return bytes.Contains(head, []byte(`"lineage"`)) && bytes.Contains(head, []byte(`"digest_key"`))
}
