package operate

import (
	"context"

	"riveter/hcl"
	"riveter/plan"
	"riveter/plan/address"
)

// answers are what a server has said of actors, which it is not asked a second time.
type answers struct {
	observer plan.Observer
	reader   plan.Reader
	observed said[*plan.Desired, plan.Observed]
	live     said[plan.Read, plan.Live]
}

// answered puts answers in front of a server.
func answered(server *hcl.Server) *answers {
	a := &answers{observer: server.Observer, reader: server.Reader}
	a.observed.at = func(d *plan.Desired) address.Address { return d.Address }
	a.live.at = func(r plan.Read) address.Address { return r.Desired.Address }
	if server.Observer != nil {
		server.Observer = a
	}
	if server.Reader != nil {
		server.Reader = a
	}
	return a
}

// again has what was asked so far be answered by what was said.
func (a *answers) again() {
	a.observed.recall()
	a.live.recall()
}

// forget has everything be asked from now on.
func (a *answers) forget() { a.observed.over, a.live.over = true, true }

// Observe implements [plan.Observer].
func (a *answers) Observe(ctx context.Context, declared []*plan.Desired, recalled *plan.Recalled) ([]plan.Observed, error) {
	return a.observed.answer(declared, func(rest []*plan.Desired) ([]plan.Observed, error) { return a.observer.Observe(ctx, rest, recalled) })
}

// Read implements [plan.Reader].
func (a *answers) Read(ctx context.Context, wanted []plan.Read) ([]plan.Live, error) {
	return a.live.answer(wanted, func(rest []plan.Read) ([]plan.Live, error) { return a.reader.Read(ctx, rest) })
}

// said is what was answered to questions about actors. It is kept as it came until it is to be found, as hardly ever anything is asked again.
type said[Q, A any] struct {
	at    func(Q) address.Address
	asked [][]Q
	given [][]A
	known map[address.Address]A
	over  bool // nothing more is kept, nor answered by what was
}

// recall has what was answered so far be found.
func (s *said[Q, A]) recall() {
	if s.known == nil {
		s.known = map[address.Address]A{}
	}
	for i, batch := range s.asked {
		for j, q := range batch {
			s.known[s.at(q)] = s.given[i][j]
		}
	}
	s.asked, s.given = nil, nil
}

// answer answers questions by what is known, and asks the rest.
func (s *said[Q, A]) answer(all []Q, ask func(rest []Q) ([]A, error)) ([]A, error) {
	if s.over {
		return ask(all)
	}
	if s.known == nil {
		return s.keep(all, ask)
	}
	answers := make([]A, len(all))
	var rest []Q
	var places []int
	for i, q := range all {
		if answer, ok := s.known[s.at(q)]; ok {
			answers[i] = answer
			continue
		}
		rest, places = append(rest, q), append(places, i)
	}
	if len(rest) == 0 {
		return answers, nil
	}
	more, err := s.keep(rest, ask)
	if err != nil {
		return nil, err
	}
	for n, i := range places {
		answers[i] = more[n]
	}
	return answers, nil
}

// keep asks, and keeps what is answered.
func (s *said[Q, A]) keep(all []Q, ask func([]Q) ([]A, error)) ([]A, error) {
	given, err := ask(all)
	if err == nil {
		s.asked, s.given = append(s.asked, all), append(s.given, given)
	}
	return given, err
}
