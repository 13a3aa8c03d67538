package declare

import (
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/expr"
	"riveter/hcl/syntax"
	"riveter/plan"
	"riveter/plan/address"
)

var dataSchema = &syntax.Schema{
	Doc:        "An existing actor that is never created. It is an error if it does not exist, unless optional = true.",
	Attributes: append(attributes(dataParts), dependencyAttributes...),
	Blocks:     []syntax.Nested{{Name: "read", Labels: []string{"label"}, Schema: readSchema}},
}

var dataParts = []part[Actor]{
	expression("key", "list(string)", "The compound key. Either this or id is required.", func(a *Actor) **expr.Expression { return &a.Key }),
	expression("id", "string", "The actor's id.", func(a *Actor) **expr.Expression { return &a.ID }),
	expression("params", "any", "Connection parameters of every read. Default: those of the rivet block.", func(a *Actor) **expr.Expression { return &a.Params }),
	expression("external", "bool", "Whether it belongs to somebody else, so that -key-prefix leaves its key as it is.", func(a *Actor) **expr.Expression { return &a.External }),
	expression("optional", "bool", "Whether it may be missing. Its attribute exists tells.", func(a *Actor) **expr.Expression { return &a.Optional }),
}

func decodeData(block *hcl2.Block) (*Actor, hcl2.Diagnostics) {
	c, diags := dataSchema.Decode(block.Body)
	a := newActor(address.KindData, block)
	diags = append(diags, checkActorName(block)...)
	diags = append(diags, keep(a, c, dataParts)...)
	switch {
	case a.Key == nil && a.ID == nil:
		diags = append(diags, syntax.Problem("Missing required argument", "A data block says by \"key\" or by \"id\" which actor it is.", c.MissingRange))
	case a.Key != nil && a.ID != nil:
		diags = append(diags, syntax.Problem("Conflicting arguments", "A data block says by \"key\" or by \"id\" which actor it is. Remove one of the two.", a.ID.Range()))
	}
	diags = append(diags, a.decodeMeta(c)...)
	for _, nested := range c.Blocks {
		diags = append(diags, a.decodeRead(nested)...)
	}
	a.arrange()
	return a, diags
}

var readSchema = &syntax.Schema{
	Doc:        "A read-only question to the actor, asked while planning where some expression names it, as read.LABEL.",
	Attributes: attributes(readRows),
	Blocks:     []syntax.Nested{{Name: "request", Single: true, Schema: readRequestSchema}},
}

var readRows = []row[plan.DesiredRead]{
	custom("action", "string", "Name of the action to call. Default: the label.",
		func(r *plan.DesiredRead, v Values, name string) { r.Action = v.Name(name, r.Label) }),
	custom("args", "list(any)", "Its arguments. Default: none.",
		func(r *plan.DesiredRead, v Values, name string) { r.Args = v.Args(name, cty.EmptyTupleVal) }),
	duration("timeout", "Default: the actor's timeouts.call.", func(r *plan.DesiredRead) *time.Duration { return &r.Timeout }),
	flag("sensitive", "Whether what the actor says is hidden.", func(r *plan.DesiredRead) *bool { return &r.Sensitive }),
}

var readRequestSchema = &syntax.Schema{
	Doc:        "A GET request instead of an action, for actors that answer requests.",
	Attributes: attributes(readRequestRows),
}

var readRequestRows = []row[plan.DesiredRead]{
	custom("path", "string", "Path of the request, with a slash at its start.",
		func(r *plan.DesiredRead, v Values, name string) { r.Path = v.Path(name) }).required(),
}

// Read is a decoded read block.
type Read struct {
	Label      string
	Attributes map[string]*expr.Expression // action, args, timeout, sensitive, request.path
	Range      hcl2.Range
}

// Fill evaluates what the actor is asked: an action, or a path.
func (r *Read) Fill(d *plan.DesiredRead, v Values) {
	fill(d, v, "", readRows)
	fill(d, v, "request.", readRequestRows)
	if d.Path != cty.NilVal {
		d.Action, d.Args = "", cty.NilVal
	}
}

func (a *Actor) decodeRead(block *hcl2.Block) hcl2.Diagnostics {
	c, diags := readSchema.Decode(block.Body)
	diags = append(diags, checkLabels(block)...)
	r := &Read{Label: block.Labels[0], Range: block.DefRange, Attributes: expr.In(c)}
	if request := c.Only("request"); request != nil {
		inner, more := readRequestSchema.Decode(request.Body)
		diags = append(diags, more...)
		if r.Attributes["action"] != nil || r.Attributes["args"] != nil {
			diags = append(diags, syntax.Problem("Conflicting arguments", "A read either calls an action or sends a request. Remove one of the two.", request.DefRange))
		}
		settings(r.Attributes, inner, "request.", readRequestRows)
	}
	if first := a.readCalled(r.Label); first != nil {
		return append(diags, syntax.Duplicate("read", block.DefRange, first.Range))
	}
	a.Reads = append(a.Reads, r)
	return diags
}
