package transition

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gowebpki/jcs"
	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/value"
)

// encoder writes values so that different ones have different JSON, whatever is hidden of them. What JSON lacks is an array
// of two that begins with $, as [value.Encode] has it.
type encoder struct {
	secret  []byte // the key of the ledger; nil where it has none that lasts
	plan    *plan.Plan
	ids     map[string]named // what of the plan has this in this environment: an id, or a time of creation; nil until somebody asks
	makings map[*value.Making]string
	err     error // the first one
}

func newEncoder(p *plan.Plan, recalled *plan.Recalled) *encoder {
	e := &encoder{plan: p, makings: map[*value.Making]string{}}
	if recalled != nil && recalled.Serial > 0 {
		e.secret = recalled.DigestKey
	}
	return e
}

// whose returns what of the plan has an id, or was made at a time.
func (e *encoder) whose(text string) (of named, ok bool) {
	if e.ids == nil {
		e.ids = map[string]named{}
		for _, c := range e.plan.Changes {
			if actor, ok := c.(*plan.ActorChange); ok {
				e.name(actor)
			}
		}
	}
	of, ok = e.ids[text]
	return of, ok
}

// name has the ids of an actor and of its steps, and when it was made, enter as theirs.
func (e *encoder) name(c *plan.ActorChange) {
	if c.ActorID != "" {
		e.ids[c.ActorID] = named{of: c}
	}
	if !c.CreatedAt.IsZero() {
		at := createTS(c)
		if _, known := e.ids[at]; !known { // of two at one time, the first of them
			e.ids[at] = named{of: c, isTime: true}
		}
	}
	for _, s := range c.Steps {
		if s.Desired.ID != "" {
			e.ids[s.Desired.ID] = named{step: s}
		}
	}
}

// named is what something of this environment enters as: an actor, the time when it was made, or a step.
type named struct {
	of     *plan.ActorChange
	step   *plan.StepChange
	isTime bool
}

func (n named) String() string {
	switch {
	case n.step != nil:
		return n.step.Address.String()
	case n.isTime:
		return n.of.Address.String() + ".create_ts"
	default:
		return n.of.Address.String()
	}
}

// createTS writes when an actor was made as expressions see it.
func createTS(c *plan.ActorChange) string { return strconv.FormatInt(c.CreatedAt.UnixMilli(), 10) }

// value returns the JSON of a value that may be hidden, unknown or absent in whole or in part.
func (e *encoder) value(v cty.Value) any {
	if v == cty.NilVal {
		return nil
	}
	return e.part(v, false)
}

// credentials returns the JSON of connection parameters. Who asks is told by what is no secret in them: a token is another one in
// each environment, and tomorrow.
func (e *encoder) credentials(params cty.Value) any {
	secret := e.secret
	e.secret = nil
	defer func() { e.secret = secret }()
	return e.value(params)
}

// part encodes a value that may be in one that is sensitive.
func (e *encoder) part(v cty.Value, inSecret bool) any {
	v, marks := v.Unmark()
	_, secret := marks[value.Sensitive]
	secret = secret || inSecret
	if _, ephemeral := marks[value.Ephemeral]; ephemeral {
		return []any{"$Ephemeral", 0}
	}
	switch {
	case !v.IsKnown():
		return []any{"$Unknown", 0}
	case secret && v.IsWhollyKnown() && !value.HasEphemeral(v):
		return []any{"$Secret", e.digest(v)}
	case v.IsNull() || !v.CanIterateElements():
		return e.leaf(v)
	case v.Type().IsMapType() || v.Type().IsObjectType():
		return e.members(v, secret)
	default:
		return e.elements(v, secret)
	}
}

// members encodes an object: as one, but where a name in it refers to an address, as [$Members, pairs].
func (e *encoder) members(v cty.Value, secret bool) any {
	members, pairs, refers := map[string]any{}, [][2]any{}, false
	for name, member := range v.Elements() {
		text, encoded := name.AsString(), e.part(member, secret)
		members[text] = encoded
		pairs = append(pairs, [2]any{e.text(text), encoded})
		refers = refers || pairs[len(pairs)-1][0] != any(text)
	}
	if !refers {
		return members
	}
	slices.SortFunc(pairs, func(a, b [2]any) int { return strings.Compare(fmt.Sprint(a[0]), fmt.Sprint(b[0])) })
	return []any{"$Members", pairs}
}

func (e *encoder) elements(v cty.Value, secret bool) any {
	elements := []any{}
	for _, element := range v.Elements() {
		elements = append(elements, e.part(element, secret))
	}
	if len(elements) == 2 {
		if text, ok := elements[0].(string); ok && strings.HasPrefix(text, "$") {
			elements[0] = "$" + text
		}
	}
	return elements
}

func (e *encoder) leaf(v cty.Value) any {
	switch {
	case v.IsNull():
	case v.Type() == cty.String:
		return e.text(v.AsString())
	case v.Type() == cty.Number:
		if of, ok := e.whose(v.AsBigFloat().Text('f', -1)); ok {
			return []any{"$Number", of.String()}
		}
	}
	data, err := value.Encode(v)
	if err != nil {
		e.fail(err)
	}
	return json.RawMessage(data)
}

// idPattern finds what may be the id of an actor, or of a step, or when an actor was made.
var idPattern = regexp.MustCompile(`[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-z]{20,}|[0-9]+`)

// text encodes a text, with addresses in place of the ids of this environment: [$Refers, parts], with the ids at odd places.
func (e *encoder) text(text string) any {
	var parts []string
	end := 0
	for _, at := range idPattern.FindAllStringIndex(text, -1) {
		if of, ok := e.whose(text[at[0]:at[1]]); ok {
			parts = append(parts, text[end:at[0]], of.String())
			end = at[1]
		}
	}
	if parts == nil {
		return text
	}
	return []any{"$Refers", append(parts, text[end:])}
}

// digest is null where there is no key: then nobody knows later which secret it was.
func (e *encoder) digest(v cty.Value) any {
	if e.secret == nil {
		return nil
	}
	digest, err := value.Digest(e.secret, cty.StringVal("transition"), v)
	if err != nil {
		e.fail(err)
	}
	return digest
}

// canonical returns the canonical JSON of something.
func (e *encoder) canonical(v any) []byte {
	data, err := json.Marshal(v)
	if err == nil {
		data, err = jcs.Transform(data)
	}
	if err != nil {
		e.fail(err)
	}
	return data
}

func (e *encoder) fail(err error) {
	if e.err == nil {
		e.err = err
	}
}
