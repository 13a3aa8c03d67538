package operate

import (
	"context"
	"fmt"
	"maps"
	"slices"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/internal/export"
	"riveter/plan"
)

// KeeperName is the name of actors that keep ledgers, where no configuration says otherwise.
const KeeperName = "riveterLedger"

// Keeper is the actor that keeps the ledger. It is none of the actors that a configuration is about: it is not declared, so
// never destroyed, and not exported.
type Keeper struct {
	plan.Identity
	Namespace string // the name of the one where it is
}

// isKeeper reports whether an actor of the session's namespace keeps the ledger.
func (s *Session) isKeeper(id plan.Identity) bool {
	return s.keeper != nil && s.keeper.Identity == id && s.keeper.Namespace == s.environment.Namespace
}

// checkKeeper refuses a declaration of the actor that keeps the ledger.
func (s *Session) checkKeeper(desired []*plan.Desired) (diags hcl2.Diagnostics) {
	for _, d := range desired {
		if d.Key != nil && s.isKeeper(plan.IdentityOf(d.Address.Name, d.Key)) {
			diags = append(diags, At(d.Settings.Range, "Actor keeps the ledger", fmt.Errorf(
				"%s is the actor that keeps the ledger, which makes it by itself and outlives everything else. Remove the block", d.Address)).Diagnostics...)
		}
	}
	return diags
}

// memories is what is remembered of all actors but the one that keeps the ledger: a memory of it, from when another home had the ledger,
// is no reason to destroy or to forget it.
func (s *Session) memories() *plan.Recalled {
	others := *s.recalled
	others.Actors = maps.Clone(others.Actors)
	maps.DeleteFunc(others.Actors, func(id plan.Identity, _ *plan.Entry) bool { return s.isKeeper(id) })
	return &others
}

// list returns the actors of the server but the one that keeps the ledger. Those that keep others' are unfit to be declared.
func (s *Session) list(ctx context.Context, names, prefix []string) ([]export.Actor, error) {
	actors, err := s.server.List(ctx, names, prefix)
	actors = slices.DeleteFunc(actors, func(a export.Actor) bool { return s.isKeeper(plan.IdentityOf(a.Name, a.Key)) })
	for i := range actors {
		if name := actors[i].Name; name == KeeperName || s.keeper != nil && name == s.keeper.Name {
			actors[i].Unfit = "it keeps a ledger of riveter"
		}
	}
	return actors, err
}
