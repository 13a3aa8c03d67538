package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"riveter/plan"
)

// decodeDocument reads what encode wrote, in this version or an earlier one. It is strict: what it does not know
// would be lost when the document is written again.
func decodeDocument(data []byte) (*document, error) {
	r := &documentReader{dec: json.NewDecoder(bytes.NewReader(data)), data: data, document: &document{}}
	r.dec.DisallowUnknownFields()
	err := r.read()
	if err == nil {
		return r.document, nil
	}
	if version, ok := errors.AsType[*versionError](err); ok {
		return nil, version
	}
	if !errors.Is(err, errChecksum) {
		err = fmt.Errorf("line %d: %w", 1+bytes.Count(data[:r.dec.InputOffset()], []byte{'\n'}), err)
	}
	return nil, err
}

// documentReader reads a document entry by entry, so that nothing but the entries themselves takes memory.
type documentReader struct {
	dec      *json.Decoder
	data     []byte
	document *document
	member   func(name string) error // reads one member of the document; nil until the version is known
	sum      string                  // the checksum that is written
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
	case d.serial > maxSerial:
		return fmt.Errorf("the serial %d is beyond what a ledger counts", d.serial)
	case len(d.digestKey) != keySize:
		return fmt.Errorf("the digest key has %d bytes and not %d", len(d.digestKey), keySize)
	case d.version1 == nil:
		return r.checkSum()
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
		r.document.version1 = map[string]memory1{}
		return r.member1, nil
	case 2:
		return r.member2, nil
	default:
		return nil, &versionError{version, documentVersion}
	}
}

func (r *documentReader) member2(name string) error {
	switch name {
	case "last_journal":
		return r.dec.Decode(&r.document.journal)
	case "environments":
		return r.members(r.environment2)
	case "checksum":
		return r.dec.Decode(&r.sum)
	default:
		return r.commonMember(name)
	}
}

// commonMember reads a member that every version has.
func (r *documentReader) commonMember(name string) error {
	switch name {
	case "lineage":
		return r.dec.Decode(&r.document.lineage)
	case "serial":
		return r.dec.Decode(&r.document.serial)
	case "digest_key":
		return r.dec.Decode(&r.document.digestKey)
	default:
		return errors.New("nothing has this name")
	}
}

func (r *documentReader) environment2(id string) error {
	m := r.document.at(id)
	return r.members(func(name string) error {
		switch name {
		case "actors":
			return r.elements(func() error { return r.actor(m) })
		case "pools":
			return r.elements(func() error { return r.pool(m) })
		case "intents":
			return r.elements(func() error { return r.intent(m) })
		default:
			return errors.New("nothing has this name")
		}
	})
}

func (r *documentReader) actor(m *memory) error {
	var in entryJSON
	err := r.dec.Decode(&in)
	var entry *plan.Entry
	if err == nil {
		entry, err = in.entry()
	}
	if err == nil && m.actors[entry.Identity()] != nil {
		err = errors.New("it is there twice")
	}
	if err != nil {
		return fmt.Errorf("%s %q: %w", in.Name, in.Key, err)
	}
	m.actors[entry.Identity()] = entry
	return nil
}

func (r *documentReader) pool(m *memory) error {
	var in poolJSON
	if err := r.dec.Decode(&in); err != nil {
		return err
	}
	pool, err := in.pool()
	if err == nil && m.pools[pool.Name] != nil {
		err = fmt.Errorf("%s is there twice", pool.Name)
	}
	m.pools[string(in.Name)] = pool
	return err
}

func (r *documentReader) intent(m *memory) error {
	var in intentJSON
	if err := r.dec.Decode(&in); err != nil {
		return err
	}
	i, err := in.intent()
	m.intents[plan.IdentityOf(string(in.Name), in.Key)] = i
	return err
}

// checkSum compares the document with its checksum, which is its last member and covers all bytes before itself.
func (r *documentReader) checkSum() error {
	covered, ok := bytes.CutSuffix(r.data, []byte(trailer(r.sum)))
	if sum := sha256.Sum256(covered); !ok || hex.EncodeToString(sum[:]) != r.sum {
		return errChecksum
	}
	return nil
}

// trailer is how a document ends that has this checksum.
func trailer(sum string) string { return ",\n  \"checksum\": \"" + sum + "\"\n}\n" }

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

// elements calls element for each element of the array that comes next.
func (r *documentReader) elements(element func() error) error {
	if err := r.delim('['); err != nil {
		return err
	}
	for r.dec.More() {
		if err := element(); err != nil {
			return err
		}
	}
	return r.delim(']')
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
