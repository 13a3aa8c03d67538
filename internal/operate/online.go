package operate

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/hcl/syntax"
	"riveter/plan"
	"riveter/plan/address"
	"riveter/plan/decide"
)

// CheckOnline compares what the configuration names with what the server has: the names of actors, the pools, and the actions of
// actors that exist, as far as one of a name is awake or may be woken. Of an actor that is read, nothing else is asked.
func (s *Session) CheckOnline(ctx context.Context, wake bool) hcl2.Diagnostics {
	server := s.against(PlanOptions{Mode: plan.ModeApply, Orders: plan.Orders{NoRefresh: true}}, nil)
	server.Postpones = true // and what that comes to is said by a plan
	diags := s.observe(ctx, server)
	if diags.HasErrors() || s.environment.NamespaceID == "" {
		return diags
	}
	defer s.watcher.Observe(s.server.Stats)()
	for _, check := range []func(context.Context) (hcl2.Diagnostics, error){
		s.checkNames, s.checkPools, func(ctx context.Context) (hcl2.Diagnostics, error) { return s.checkActions(ctx, wake) },
	} {
		more, err := check(ctx)
		if diags = append(diags, more...); err != nil {
			return append(diags, s.refuse(err)...)
		}
	}
	return diags
}

func (s *Session) checkNames(ctx context.Context) (diags hcl2.Diagnostics, err error) {
	announced, err := s.server.Names(ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range s.evaluation.Desired() {
		if !slices.Contains(announced, d.Address.Name) {
			diags = append(diags, diagnostic(d.Settings.Range, decide.UnknownName, decide.DescribeUnknownName(d.Address.Name, announced)))
		}
	}
	return diags, nil
}

// checkPools leaves out the pool of the connection, which is there once a registry has connected.
func (s *Session) checkPools(ctx context.Context) (diags hcl2.Diagnostics, err error) {
	pools, err := s.server.Pools(ctx)
	if err != nil {
		return nil, err
	}
	for _, declared := range s.evaluation.RunnerConfigs() {
		pools[declared.Address.Label] = declared.Datacenters
	}
	for _, d := range s.evaluation.Desired() {
		if _, ok := pools[d.Settings.Pool]; !ok && d.Settings.Pool != "" {
			names := slices.Sorted(maps.Keys(pools))
			diags = append(diags, diagnostic(d.Settings.Range, "Unknown pool",
				fmt.Sprintf("There is no pool %q. The server has %s.%s", d.Settings.Pool, cmp.Or(strings.Join(names, ", "), "none"), syntax.DidYouMean(d.Settings.Pool, names))))
		}
	}
	return diags, nil
}

// checkActions asks one actor of each name, since all of a name have the same actions.
func (s *Session) checkActions(ctx context.Context, wake bool) (diags hcl2.Diagnostics, err error) {
	actions := map[string][]string{}
	for name, id := range s.toAsk(wake) {
		if actions[name], err = s.server.Actions(ctx, id); err != nil {
			return nil, err
		}
	}
	for _, d := range s.evaluation.Desired() {
		known, ok := actions[d.Address.Name]
		if !ok {
			continue
		}
		for _, called := range calledActions(d) {
			if !slices.Contains(known, called.name) {
				diags = append(diags, diagnostic(called.place, "Unknown action", fmt.Sprintf("Actors named %s have no action %q. They have %s.%s",
					address.Quote(d.Address.Name), called.name, strings.Join(known, ", "), syntax.DidYouMean(called.name, known))))
			}
		}
	}
	return diags, nil
}

// toAsk chooses an actor of each name that exists, by its id: one that is awake where there is one.
func (s *Session) toAsk(wake bool) map[string]string {
	chosen, asleep := map[string]string{}, map[string]string{}
	observed := s.evaluation.Observed()
	for i, d := range s.evaluation.Desired() {
		switch o := observed[i]; {
		case !o.Exists || o.Failing != "":
		case !o.Asleep:
			chosen[d.Address.Name] = o.ActorID
		case wake:
			asleep[d.Address.Name] = o.ActorID
		}
	}
	maps.Copy(asleep, chosen)
	return asleep
}

// calledAction is an action that a declaration names.
type calledAction struct {
	name  string
	place hcl2.Range
}

func calledActions(d *plan.Desired) (called []calledAction) {
	for _, step := range d.Steps {
		switch spec := step.Spec.(type) {
		case *plan.Action:
			called = append(called, calledAction{spec.Name, step.Settings.Range})
		case *plan.Ensure:
			called = append(called, calledAction{spec.Action, step.Settings.Range})
		case *plan.Message, *plan.Request, *plan.Expect:
		}
	}
	for _, read := range d.Reads {
		if read.Action != "" {
			called = append(called, calledAction{read.Action, read.Range})
		}
	}
	return called
}
