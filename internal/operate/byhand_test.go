package operate_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/internal/operate"
)

const rounds = `actor "probe" "p" {
  for_each = toset(["a", "b"])
  key      = each.key
  action "call" {
    for_each = toset(["x", "y"])
    args     = [each.key]
  }
  action "calling" {
    call = "call"
    args = ["z"]
  }
}
`

func TestStepsAreMovedByHand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, to, moves, refused string }{
		{from: "action.call", to: "action.made", moves: `a: action.call["x"]=action.made["x"] action.call["y"]=action.made["y"]; b: action.call["x"]=action.made["x"] action.call["y"]=action.made["y"]`},
		{from: `actor.probe.p["a"].action.calling`, to: `actor.probe.p["a"].action.call["z"]`, moves: `a: action.calling=action.call["z"]`},
		{from: `action.call["x"]`, to: `action.call["z"]`, moves: `a: action.call["x"]=action.call["z"]; b: action.call["x"]=action.call["z"]`},
		{from: `action.call["x"]`, to: "action.calling", refused: `actor.probe.p["a"].action.calling is remembered already`},
		{from: `action.call["x"]`, to: "message.call", refused: "of one kind"},
		{from: `actor.probe.p["a"].action.calling`, to: `actor.probe.p["b"].action.call["z"]`, refused: "of one actor"},
		{from: "action.calling", to: "actor.probe.p", refused: "address of a step"},
		{from: "nonsense", to: "action.x", refused: "nonsense"},
		{from: "action.cal", to: "action.x", refused: "No step action.cal is remembered"},
	} {
		w := newWorld(t, rounds)
		w.applied()
		diags := w.session(func(s *operate.Session) hcl2.Diagnostics {
			moves, err := s.Moves(c.from, c.to)
			if err != nil {
				return operate.Diagnose(err)
			}
			if got := spelledMoves(moves); got != c.moves {
				t.Errorf("%s to %s is %s", c.from, c.to, got)
			}
			if _, err := s.MoveSteps(moves); err != nil {
				return operate.Diagnose(err)
			}
			return nil
		})
		if refused := diags.HasErrors(); refused != (c.refused != "") || !strings.Contains(told(diags), c.refused) {
			t.Errorf("%s to %s: %s", c.from, c.to, told(diags))
		}
	}
}

func spelledMoves(moves []operate.StepMove) string {
	all := make([]string, len(moves))
	for i, m := range moves {
		var pairs []string
		for _, from := range slices.Sorted(maps.Keys(m.To)) {
			pairs = append(pairs, from+"="+m.To[from])
		}
		all[i] = m.Entry.Key[0] + ": " + strings.Join(pairs, " ")
	}
	return strings.Join(all, "; ")
}

func TestAMovedStepIsNotMadeAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, rounds)
	w.applied()
	w.fine(w.session(func(s *operate.Session) hcl2.Diagnostics {
		moves, err := s.Moves("action.call", "action.made")
		if err == nil {
			_, err = s.MoveSteps(moves)
		}
		if err != nil {
			return operate.Diagnose(err)
		}
		return nil
	}))
	w.write(strings.Replace(rounds, `action "call" {`, "action \"made\" {\n    call = \"call\"", 1))
	p, diags := w.plan()
	w.fine(diags)
	if s := p.Plan.Summary(); s.Calls+s.Unknown > 0 {
		t.Errorf("%+v", s)
	}
}
