package ledger

import (
	"slices"
	"sync"
	"time"

	"riveter/plan"
)

// leastAhead and mostAhead bound how many steps of an actor are announced before the run comes to them, and how many actors.
const (
	leastAhead = 8
	mostAhead  = 1 << 14
)

// outlook is what a run is about to do. It announces about as much of it at a time as the run does until the next time: more
// when the run came to something too early and had to wait, less when it did not come far.
type outlook struct {
	mu      sync.Mutex
	ahead   int
	missed  bool // the run came to something that was not announced
	met     int  // to so many actors it has come since something was announced last
	actors  map[plan.Identity]*course
	coming  []*course // to which the run has not come, and which are not announced, in the order of the plan
	waiting []*course // to which it has not come, and which are announced
	going   []*course // of which not all steps are announced
}

// course is what a run is about to do to one actor.
type course struct {
	intent
	known  bool // it is announced that the run comes to the actor
	met    bool // it has come
	came   int  // so many of the steps it has come to
	before int  // and so many when something was announced last
	said   int  // so many are announced
	saying int  // or are about to be
}

func newOutlook(intents []plan.Intent, now time.Time) *outlook {
	o := &outlook{ahead: leastAhead, actors: map[plan.Identity]*course{}}
	for i := range intents {
		c := &course{intent: *newIntent(&intents[i], now)}
		o.coming = append(o.coming, c)
		o.actors[intents[i].Identity()] = c
	}
	return o
}

// bind takes in that the run has come to an actor, whose id is empty before it is created, and reports whether it can go on
// since that was announced.
func (o *outlook) bind(id plan.Identity, actorID string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	c := o.meet(id)
	if actorID != "" {
		if c != nil {
			c.actorID = actorID
		}
		return true
	}
	return c != nil && o.goOn(c.known)
}

// step takes in that the run has come to a step, and reports whether it can go on since that was announced.
func (o *outlook) step(id plan.Identity, step string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	c := o.meet(id)
	if c == nil {
		return false
	}
	i := slices.Index(c.steps[c.came:], step)
	if i < 0 {
		return false
	}
	c.came += i + 1
	return o.goOn(c.came <= c.said)
}

// meet returns what the run is about to do to an actor to which it has come.
func (o *outlook) meet(id plan.Identity) *course {
	c := o.actors[id]
	if c != nil && !c.met {
		c.met = true
		o.met++
		o.going = append(o.going, c)
	}
	return c
}

func (o *outlook) goOn(announced bool) bool {
	o.missed = o.missed || !announced
	return announced
}

// announce returns what is to be announced next. It is announced when heard is called.
func (o *outlook) announce() (announced []intentJSON, heard func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.adapt()
	var saying []*course
	for _, c := range o.going {
		if c.saysMore(o.ahead) {
			saying = append(saying, c)
		}
	}
	o.going = slices.DeleteFunc(o.going, func(c *course) bool { return c.saying == len(c.steps) })
	saying = append(saying, o.greet()...)
	for _, c := range saying {
		more := c.intent
		more.steps = c.steps[c.said:c.saying]
		announced = append(announced, newIntentJSON(&more))
	}
	return announced, func() { o.hear(saying) }
}

// saysMore reports whether more of the steps are to be announced, so that there are as many as ahead again. Those of an actor
// that is being created are announced with it, or when it is there.
func (c *course) saysMore(ahead int) bool {
	c.before, c.said = c.came, max(c.said, c.came)
	if c.actorID == "" || c.said-c.came > ahead/2 {
		return false
	}
	c.saying = min(c.came+ahead, len(c.steps))
	return c.saying > c.said
}

// greet returns the actors that are announced next, with their first steps.
func (o *outlook) greet() []*course {
	isMet := func(c *course) bool { return c.met }
	o.waiting = slices.DeleteFunc(o.waiting, isMet)
	if len(o.waiting) > o.ahead/2 {
		return nil
	}
	n := min(o.ahead, len(o.coming))
	greeted := slices.DeleteFunc(slices.Clone(o.coming[:n]), isMet)
	o.coming = o.coming[n:]
	for _, c := range greeted {
		c.saying = min(o.ahead, len(c.steps))
	}
	o.waiting = append(o.waiting, greeted...)
	return greeted
}

func (o *outlook) hear(said []*course) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, c := range said {
		c.known, c.said = true, c.saying
	}
}

// adapt finds out how far ahead is enough.
func (o *outlook) adapt() {
	most := o.met
	for _, c := range o.going {
		most = max(most, c.came-c.before)
	}
	switch {
	case o.missed:
		o.ahead = min(2*o.ahead, mostAhead)
	case most < o.ahead/8:
		o.ahead = max(o.ahead/2, leastAhead)
	}
	o.missed, o.met = false, 0
}
