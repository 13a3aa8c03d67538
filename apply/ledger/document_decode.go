package ledger

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"sync"

	"riveter/apply/ledger/chain"
	"riveter/apply/ledger/jsonscan"
	"riveter/plan"
)

// decodeDocument reads what encode wrote, in this version or an earlier one. It is strict: what it does not know
// would be lost when the document is written again.
func decodeDocument(data []byte) (*document, error) { return decodeSummed(data, summing(data)) }

// decodeSummed reads a document that is summed up meanwhile.
func decodeSummed(data []byte, sums func() sums) (*document, error) {
	if d, err := readDocument(data, sums, scannedSource{jsonscan.New(data)}); err == nil {
		return d, nil
	}
	in := newJSONSource(data)
	d, err := readDocument(data, sums, in)
	if err == nil {
		return d, nil
	}
	if version, ok := errors.AsType[*versionError](err); ok {
		return nil, version
	}
	if at := mergeMark.FindIndex(data); at != nil {
		return nil, &unmergedError{line: 1 + bytes.Count(data[:at[0]], []byte{'\n'})}
	}
	if plain := withoutConversion(data); len(plain) < len(data) {
		return decodeDocument(plain)
	}
	if !errors.Is(err, chain.ErrChecksum) {
		err = fmt.Errorf("line %d: %w", 1+bytes.Count(data[:in.InputOffset()], []byte{'\n'}), err)
	}
	return nil, err
}

// mergeMark begins what Git could not merge. No line of a document begins so.
var mergeMark = regexp.MustCompile(`(?m)^<{7} `)

// unmergedError is of a document that two branches have changed.
type unmergedError struct{ line int }

func (e *unmergedError) Error() string {
	return fmt.Sprintf("line %d has the marks of a merge: two branches were applied, and the ledger of each lacks what the other one made. "+
		"Take one of them whole (git checkout --ours, or --theirs). The next apply would make again what only the other one knows: "+
		"\"riveter ledger rm\" forgets the actors that it was applied to, after which a plan asks about their steps", e.line)
}

// withoutConversion undoes what Git, or an editor, does to a text on Windows. No string of a document has a line end in it.
func withoutConversion(data []byte) []byte {
	return bytes.ReplaceAll(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), []byte("\r\n"), []byte{'\n'})
}

func readDocument(data []byte, sums func() sums, in documentSource) (*document, error) {
	r := &documentReader{documentSource: in, data: data, sums: sums, document: &document{}}
	return r.document, r.read()
}

// documentReader reads a document entry by entry, so that nothing but the entries themselves takes memory.
type documentReader struct {
	documentSource
	data     []byte
	sums     func() sums
	document *document
	member   func(name string) error // reads one member of the document; nil until the version is known
	sum      string                  // the checksum that is written
}

// documentSource is the JSON of a document, of which each method reads what comes next.
type documentSource interface {
	// members calls value for each member of an object; value reads what the member holds.
	members(value func(name string) error) error
	// elements calls element for each element of an array.
	elements(element func() error) error
	decode(v any) error
	entry() (*plan.Entry, error)
	end() error
}

func (r *documentReader) read() error {
	if err := r.members(r.first); err != nil {
		return err
	}
	if err := r.end(); err != nil {
		return err
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
	if err := r.decode(&version); err != nil {
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
		return r.decode(&r.document.journal)
	case "environments":
		return r.members(r.environment2)
	case "checksum":
		return r.decode(&r.sum)
	default:
		return r.commonMember(name)
	}
}

// commonMember reads a member that every version has.
func (r *documentReader) commonMember(name string) error {
	switch name {
	case "lineage":
		return r.decode(&r.document.lineage)
	case "serial":
		return r.decode(&r.document.serial)
	case "digest_key":
		return r.decode(&r.document.digestKey)
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
	entry, err := r.entry()
	if err != nil {
		return err
	}
	id := entry.Identity()
	if m.actors[id] != nil {
		return fmt.Errorf("%s %s: it is there twice", id.Name, id.Key)
	}
	m.actors[id] = entry
	return nil
}

func (r *documentReader) pool(m *memory) error {
	var in poolJSON
	if err := r.decode(&in); err != nil {
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
	if err := r.decode(&in); err != nil {
		return err
	}
	i, err := in.intent()
	m.intents[plan.IdentityOf(string(in.Name), in.Key)] = i
	return err
}

// checkSum compares the document with its checksum, which is its last member and covers all bytes before itself.
func (r *documentReader) checkSum() error {
	covered := r.sums().covered
	if hex.EncodeToString(covered[:]) != r.sum || !bytes.HasSuffix(r.data, []byte(trailer(r.sum))) {
		return chain.ErrChecksum
	}
	return nil
}

// sums are of what the checksum of a document covers, and of all of it.
type sums struct{ covered, whole [sha256.Size]byte }

// summing begins to sum up a document, for which the one who reads it meanwhile needs not wait. It returns how to get the sums.
func summing(data []byte) func() sums {
	done := make(chan sums, 1)
	go func() { done <- sumUp(data) }()
	return sync.OnceValue(func() sums { return <-done })
}

func sumUp(data []byte) (s sums) {
	sum := sha256.New()
	end := max(0, len(data)-len(trailer(hex.EncodeToString(s.covered[:]))))
	sum.Write(data[:end])
	sum.Sum(s.covered[:0])
	sum.Write(data[end:])
	sum.Sum(s.whole[:0])
	return s
}

// trailer is how a document ends that has this checksum.
func trailer(sum string) string { return ",\n  \"checksum\": \"" + sum + "\"\n}\n" }

// jsonSource is a documentSource for all JSON.
type jsonSource struct{ *json.Decoder }

func newJSONSource(data []byte) jsonSource {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	return jsonSource{dec}
}

func (s jsonSource) members(value func(name string) error) error {
	if err := s.delim('{'); err != nil {
		return err
	}
	for s.More() {
		token, err := s.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string) // the decoder accepts nothing else here
		if err := value(name); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return s.delim('}')
}

func (s jsonSource) elements(element func() error) error {
	if err := s.delim('['); err != nil {
		return err
	}
	for s.More() {
		if err := element(); err != nil {
			return err
		}
	}
	return s.delim(']')
}

func (s jsonSource) decode(v any) error { return s.Decode(v) }

func (s jsonSource) entry() (entry *plan.Entry, err error) {
	var in entryJSON
	if err = s.Decode(&in); err == nil {
		entry, err = in.entry()
	}
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", in.Name, plan.WireKey(in.Key), err)
	}
	return entry, nil
}

func (s jsonSource) end() error {
	if _, err := s.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the document")
	}
	return nil
}

func (s jsonSource) delim(want json.Delim) error {
	token, err := s.Token()
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	if err == nil && token != want {
		return fmt.Errorf("%q is expected", want)
	}
	return err
}

// scannedSource is the documentSource for what encode writes, several times as fast as a jsonSource. It says nothing of what is wrong.
type scannedSource struct{ *jsonscan.Scanner }

func (s scannedSource) members(value func(name string) error) error {
	for name := range s.Members() {
		if err := value(string(name)); err != nil {
			return err
		}
	}
	return s.Err()
}

func (s scannedSource) elements(element func() error) error {
	for range s.Elements() {
		if err := element(); err != nil {
			return err
		}
	}
	return s.Err()
}

func (s scannedSource) decode(v any) error {
	raw := s.Raw()
	if err := s.Err(); err != nil {
		return err
	}
	return decodeStrictly(raw, v)
}

func (s scannedSource) entry() (*plan.Entry, error) {
	var in entryJSON
	steps := map[string]*plan.StepMemo{}
	in.scan(s.Scanner, steps)
	if err := s.Err(); err != nil {
		return nil, err
	}
	entry, err := in.entry()
	if err != nil {
		return nil, err
	}
	for _, memo := range steps {
		memo.ActorID = cmp.Or(memo.ActorID, entry.ActorID)
	}
	entry.Steps = steps
	return entry, nil
}

func (s scannedSource) end() error { return s.End() }

// decodeStrictly reads one value of JSON, and no member that v has no place for.
func decodeStrictly(data []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows it")
	}
	return nil
}

// text is a string that null cannot stand for.
type text string

func (t *text) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return errors.New("null is in the place of a text")
	}
	return json.Unmarshal(data, (*string)(t))
}
