package evaluate

import (
	"fmt"
	"regexp"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"riveter/hcl/declare"
	"riveter/hcl/evaluate/instances"
	"riveter/hcl/expr"
	"riveter/hcl/payload"
	"riveter/hcl/syntax"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/value"
)

// identify expands an actor or data block to its instances and evaluates which actors they are, so that the server can
// be asked.
func (e *Evaluation) identify(a *declare.Actor, s *instances.Module) hcl2.Diagnostics {
	b := &instances.Block{Actor: a, Module: s}
	s.Blocks[a.Address()] = b
	e.blocks = append(e.blocks, b)
	e.byAddress[b.Address()] = b
	f := e.frame(s, a.ExpansionScope)
	b.Repeats = instances.Origin{Frame: f, Expression: a.Repetition.ForEach, Ctx: f.Ctx}
	rounds, known, diags := e.expand(f, a.Repetition, b.Address().String(), a.Kind == address.KindData)
	b.Failure = instances.FailureOf(diags)
	b.Open = !known || b.Failed || s.IsOpen()
	diags = append(diags, e.addInstances(b, rounds)...)
	if len(rounds) == 0 && !b.Failed {
		diags = append(diags, e.rehearsed(a.Range, func(e *Evaluation) hcl2.Diagnostics { return e.rehearse(b) })...)
	}
	if a.Kind == address.KindData {
		deps, more := e.sharedDependencies(b, []*declare.Scope{a.ExpansionScope, a.IdentityScope})
		b.DependsOn = deps
		diags = append(diags, more...)
	}
	return diags
}

func (e *Evaluation) addInstances(b *instances.Block, rounds []instances.Round) hcl2.Diagnostics {
	all := make([]*instances.Instance, len(rounds))
	for i := range rounds {
		all[i] = instances.NewInstance(b, &rounds[i])
	}
	found := e.eachInstance(b.Module.Stage(b.Actor, declare.IdentityStage), b, all, (*Evaluation).evaluateIdentity)
	if b.Open {
		if len(all) > 0 {
			b.Example = all[len(all)-1]
		}
		return slices.Concat(found...)
	}
	b.Instances = all
	var diags hcl2.Diagnostics
	for i, inst := range all {
		diags = append(append(diags, found[i]...), e.claim(inst)...)
	}
	return diags
}

// claim reports a declared instance that has the name and key of another one, as soon as its key is known.
func (e *Evaluation) claim(inst *instances.Instance) hcl2.Diagnostics {
	if !inst.KeyKnown || inst.Block.Actor.Kind != address.KindActor {
		return nil
	}
	id := inst.Desired.Address.Name + "\x00" + plan.WireKey(inst.Desired.Key)
	first, taken := e.byKey[id]
	if !taken || first == inst {
		e.byKey[id] = inst
		return nil
	}
	a := inst.Block.Actor
	d := syntax.Problem("Duplicate actor", fmt.Sprintf(
		"%s and %s (%s) both declare the actor %q with the key %s. Name and key tell actors apart, so one of the two needs another key.",
		inst.Desired.Address, first.Desired.Address, syntax.Place(first.Block.Actor.Key.Range()), a.Name, payload.SpellKey(inst.Desired.Key),
	), a.Key.Range())
	d.Extra = clash{first}
	return hcl2.Diagnostics{d}
}

// clash is noted with what is wrong with an instance that has the name and key of another one, the first.
type clash struct{ first *instances.Instance }

// boundClashes keeps a few of the errors about one name and key in many blocks. The last of these counts the others.
func boundClashes(diags hcl2.Diagnostics) hcl2.Diagnostics {
	blocks := map[clash]hcl2.Diagnostics{}
	diags = slices.DeleteFunc(diags, func(d *hcl2.Diagnostic) bool {
		c, isClash := d.Extra.(clash)
		if isClash {
			blocks[c] = append(blocks[c], d)
		}
		return len(blocks[c]) > syntax.Examples
	})
	for _, same := range blocks {
		last := min(len(same), syntax.Examples) - 1
		syntax.AndMore(same[last], len(same)-1-last)
	}
	return diags
}

// evaluateIdentity evaluates the key of an instance, or the id by which a data block names its actor.
func (e *Evaluation) evaluateIdentity(inst *instances.Instance) hcl2.Diagnostics {
	if e.steady && inst.KeyKnown {
		return nil
	}
	a := inst.Block.Actor
	f, ctx := e.enter(inst, a.IdentityScope, inst.Names(a.IdentityScope))
	var diags hcl2.Diagnostics
	prefix := e.keyPrefix
	if a.Kind == address.KindData {
		r := &instances.Reader{Frame: f, Ctx: ctx, Attributes: map[string]*expr.Expression{"optional": a.Optional, "external": a.External}}
		inst.Optional = r.Flag("optional")
		if r.Flag("external") {
			prefix = nil
		}
		diags = r.Diags
	}
	switch {
	case a.Key != nil:
		v, more := f.Value(a.Key, ctx, nil)
		diags = append(diags, more...)
		if e.recallKey(inst, v, prefix) {
			break
		}
		inst.KeyMaking = f.Making(a.Key, ctx, v)
		recalled := e.common.OnlyExisting && value.IsLost(v) // the ledger may know which actor it is
		if !more.HasErrors() && !recalled {
			origin := instances.Origin{Frame: f, Expression: a.Key, Ctx: ctx, Repeats: &inst.Block.Repeats}
			if len(prefix) > 0 && value.IsPlain(v) {
				v = origin.AsDeclared(v, prefix)
			}
			isHeard := func() bool { return origin.HearsPrefix(v, prefix) }
			key, known, more := payload.Key(v, prefix, isHeard, a.Key, ctx)
			inst.Identify(key, known)
			diags = append(diags, more...)
		}
	case a.ID != nil:
		v, more := f.Value(a.ID, ctx, nil)
		inst.KeyMaking = f.Making(a.ID, ctx, v)
		diags = append(diags, more...)
		if !more.HasErrors() {
			inst.Desired.ID, more = idFrom(v, a.ID, ctx)
			inst.KeyKnown = inst.Desired.ID != ""
			diags = append(diags, more...)
		}
	}
	return diags
}

// recallKey notes how the key of an actor is made, and takes the one that the ledger knows to be made in that way where nobody can evaluate it any
// more, which it reports.
func (e *Evaluation) recallKey(inst *instances.Instance, v cty.Value, prefix []string) bool {
	inst.Desired.KeyRecipe = ""
	if e.server.Recalled == nil || inst.Block.Actor.Kind != address.KindActor || len(value.Sources(v)) == 0 || value.HasSensitive(v) {
		return false
	}
	made, err := value.RecipeOf(e.server.Recalled.DigestKey, v, instances.StringList(prefix))
	if err != nil || !value.IsLasting(v) {
		return false
	}
	inst.Desired.KeyRecipe = made
	if value.IsKnown(v) {
		return false
	}
	inst.Desired.Key = e.keyMade(inst.Desired.Address.Name, made)
	inst.KeyKnown = inst.Desired.Key != nil
	return inst.KeyKnown
}

// actorID is what the ids of the engine look like.
var actorID = regexp.MustCompile(`^[0-9a-z]{30}$`)

// idFrom reads the value of an actor id, which is empty while it is not known.
func idFrom(v cty.Value, ex *expr.Expression, ctx *hcl2.EvalContext) (string, hcl2.Diagnostics) {
	v, _ = v.Unmark()
	v, err := convert.Convert(v, cty.String)
	switch {
	case err != nil || v.IsNull():
		return "", hcl2.Diagnostics{syntax.ProblemIn("Invalid actor id", "\"id\" is the id of an actor: a string of 30 characters.", ex, ctx)}
	case !v.IsKnown():
		return "", nil
	case !actorID.MatchString(v.AsString()):
		return "", hcl2.Diagnostics{syntax.ProblemIn("Invalid actor id",
			"An actor's id has 30 characters, digits and lower-case letters. To look for an actor by its key, use \"key\".", ex, ctx)}
	}
	return v.AsString(), nil
}
