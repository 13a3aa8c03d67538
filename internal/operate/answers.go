package operate

import (
	"context"

	"riveter/hcl"
	"riveter/plan"
	"riveter/plan/address"
)

// answers are what a server has said of actors, which is not asked that again until it is forgotten.
type answers struct {
	observer plan.Observer
	reader   plan.Reader
	observed map[address.Address]plan.Observed
	live     map[address.Address]plan.Live
}

// answered puts answers in front of a server.
func answered(server *hcl.Server) *answers {
	a := &answers{server.Observer, server.Reader, map[address.Address]plan.Observed{}, map[address.Address]plan.Live{}}
	if server.Observer != nil {
		server.Observer = a
	}
	if server.Reader != nil {
		server.Reader = a
	}
	return a
}

// forget has everything be asked from now on.
func (a *answers) forget() { a.observed, a.live = nil, nil }

// Observe implements [plan.Observer].
func (a *answers) Observe(ctx context.Context, declared []*plan.Desired, recalled *plan.Recalled) ([]plan.Observed, error) {
	at := func(d *plan.Desired) address.Address { return d.Address }
	return recollect(declared, at, a.observed, func(rest []*plan.Desired) ([]plan.Observed, error) { return a.observer.Observe(ctx, rest, recalled) })
}

// Read implements [plan.Reader].
func (a *answers) Read(ctx context.Context, wanted []plan.Read) ([]plan.Live, error) {
	at := func(r plan.Read) address.Address { return r.Desired.Address }
	return recollect(wanted, at, a.live, func(rest []plan.Read) ([]plan.Live, error) { return a.reader.Read(ctx, rest) })
}

// recollect answers questions about actors by what is known, and asks the rest, which is known then unless nothing is to be.
func recollect[Q, A any](all []Q, at func(Q) address.Address, known map[address.Address]A, ask func(rest []Q) ([]A, error)) ([]A, error) {
	answers := make([]A, len(all))
	var rest []Q
	var places []int
	for i, q := range all {
		if answer, ok := known[at(q)]; ok {
			answers[i] = answer
			continue
		}
		rest, places = append(rest, q), append(places, i)
	}
	if len(rest) == 0 {
		return answers, nil
	}
	more, err := ask(rest)
	if err != nil {
		return nil, err
	}
	for n, i := range places {
		answers[i] = more[n]
		if known != nil {
			known[at(rest[n])] = more[n]
		}
	}
	return answers, nil
}
