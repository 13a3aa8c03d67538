package ledger

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"riveter/plan/address"
)

// decodeDocument reads what encode wrote, in this version or an earlier one. It is strict: what it does not know
// would be lost when the document is written again.
func decodeDocument(data []byte) (*document, error) {
	r := &documentReader{dec: json.NewDecoder(bytes.NewReader(data)), document: &document{}}
	r.dec.DisallowUnknownFields()
	err := r.read()
	if err == nil {
		return r.document, nil
	}
	if version, ok := errors.AsType[*versionError](err); ok {
		return nil, version
	}
	line := 1 + bytes.Count(data[:r.dec.InputOffset()], []byte{'\n'})
	return nil, fmt.Errorf("line %d: %w; bring its last version back from a backup, or %s", line, err, startAgain)
}

// startAgain is what is left to do when there is no backup. A journal alone must not be given up, nor an older document be
// put in the place of the last: what they do not remember of a fresh actor counts as never done, and is done again.
const startAgain = "move document and journal away together, after which a plan asks about every step"

// documentReader reads a document entry by entry, so that nothing but the entries themselves takes memory.
type documentReader struct {
	dec      *json.Decoder
	document *document
	member   func(name string) error // reads one member of the document; nil until the version is known
}

func (r *documentReader) read() error {
	if err := r.members(r.first); err != nil {
		return err
	}
	if _, err := r.dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the document")
	}
	switch d := r.document; {
	case d.lineage == "":
		return errors.New("the lineage is missing")
	case d.serial == 0:
		return errors.New("the serial is missing")
	case len(d.digestKey) != keySize:
		return fmt.Errorf("the digest key has %d bytes and not %d", len(d.digestKey), keySize)
	}
	return nil
}

// first reads the version, which comes first, and then the members as that version has them.
func (r *documentReader) first(name string) error {
	if r.member != nil {
		return r.member(name)
	}
	if name != "version" {
		return errors.New("the version does not come first")
	}
	var version int
	if err := r.dec.Decode(&version); err != nil {
		return err
	}
	var err error
	r.member, err = r.memberOf(version)
	return err
}

// memberOf returns how the members of a document of this version are read. A version that was once written stays here
// for good; the document is migrated when it is saved, which is always in the newest.
func (r *documentReader) memberOf(version int) (func(name string) error, error) {
	switch version {
	case 1:
		return r.member1, nil
	default:
		return nil, &versionError{version, documentVersion}
	}
}

func (r *documentReader) member1(name string) error {
	switch name {
	case "lineage":
		return r.dec.Decode(&r.document.lineage)
	case "serial":
		return r.dec.Decode(&r.document.serial)
	case "digest_key":
		return r.dec.Decode(&r.document.digestKey)
	case "last_journal":
		return r.dec.Decode(&r.document.journal)
	case "environments":
		return r.members(r.environment1)
	default:
		return errors.New("nothing has this name")
	}
}

func (r *documentReader) environment1(id string) error {
	entries := r.document.at(id)
	return r.members(func(text string) error {
		address, err := address.Parse(text)
		if err != nil {
			return err
		}
		if entries[address] != nil {
			return errors.New("it is there twice")
		}
		var in entryJSON
		if err := r.dec.Decode(&in); err != nil {
			return err
		}
		entries[address], err = in.entry()
		return err
	})
}

// members calls value for each member of the object that comes next; value reads what the member holds.
func (r *documentReader) members(value func(name string) error) error {
	if err := r.delim('{'); err != nil {
		return err
	}
	for r.dec.More() {
		token, err := r.dec.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string) // the decoder accepts nothing else here
		if err := value(name); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return r.delim('}')
}

func (r *documentReader) delim(want json.Delim) error {
	token, err := r.dec.Token()
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	if err == nil && token != want {
		return fmt.Errorf("%q is expected", want)
	}
	return err
}
