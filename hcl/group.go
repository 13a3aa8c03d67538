package hcl

// group is some expressions of one block that are evaluated together, with the same names in scope.
type group struct {
	expressions []*expression
	repetition  *repetition // around the expressions; it says whether each or count may be mentioned
	outer       *repetition // around that one, for a step within a repeated actor
	live        bool        // self, step and read may be mentioned
	actor       *actor      // the actor block that the expressions are in, or nil
	offline     string      // the block whose expressions are evaluated before a server is asked, or empty
}

// mentions reports whether any of the expressions uses a name that stands for itself.
func (g *group) mentions(root string) bool {
	for _, e := range g.expressions {
		if e.mentions(root) {
			return true
		}
	}
	return false
}

func (g *group) hasEach() bool  { return g.repetition.by(eachKey) || g.outer.by(eachKey) }
func (g *group) hasCount() bool { return g.repetition.by(countKey) || g.outer.by(countKey) }

type repetitionKind int

const (
	eachKey repetitionKind = iota
	countKey
)

func (r *repetition) by(kind repetitionKind) bool {
	switch {
	case r == nil:
		return false
	case kind == eachKey:
		return r.forEach != nil
	default:
		return r.count != nil
	}
}

// arrange sorts the expressions of an actor and its steps into groups.
func (a *actor) arrange() {
	a.expansion = &group{expressions: a.repetition.expressions(), actor: a}
	a.identity = &group{expressions: present(a.key), repetition: a.repetition, actor: a}
	a.content = &group{expressions: present(a.input, a.params), repetition: a.repetition, actor: a}
	a.content.add(a.settings, settingNames)
	for _, s := range a.steps {
		s.expansion = &group{expressions: s.repetition.expressions(), repetition: a.repetition, actor: a, live: true}
		s.body = &group{expressions: present(s.call, s.args), repetition: s.repetition, outer: a.repetition, actor: a, live: true}
		s.body.add(s.settings, stepSettingNames)
	}
}

func (g *group) add(attributes map[string]*expression, names []string) {
	for _, name := range names {
		g.expressions = append(g.expressions, present(attributes[name])...)
	}
}
