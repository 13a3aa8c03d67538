package apply

import (
	"context"
	"fmt"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
	"riveter/plan/address"
)

// Surroundings makes what actors live in. Its methods may be repeated.
type Surroundings interface {
	// CreateNamespace creates a namespace; one that is there already is no error.
	CreateNamespace(ctx context.Context, name, displayName string) error
	// CreatePool configures a pool in the given datacenters. One that is there already is left alone, which is an error.
	CreatePool(ctx context.Context, name string, datacenters cty.Value) error
	// UpdatePool changes the configuration of a pool in the given datacenters, and leaves others as they are.
	UpdatePool(ctx context.Context, name string, datacenters cty.Value) error
	// DeletePool deletes the configuration of a pool; one that is not there is no error.
	DeletePool(ctx context.Context, name string) error
}

// surround carries out the change of a namespace or pool.
func (w *worker) surround(ctx context.Context) error {
	c := w.change
	switch {
	case c.Action == plan.ActionForget:
		return w.Ledger.ForgetPool(c.Name)
	case c.Action == plan.ActionDestroy:
		if err := w.Executor.DeletePool(ctx, c.Name); err != nil {
			return fmt.Errorf("delete: %w", err)
		}
		return w.Ledger.ForgetPool(c.Name)
	case c.Address == w.Made:
		return nil
	case c.Address.Kind == address.KindNamespace:
		return w.Executor.CreateNamespace(ctx, c.Name, c.Input.After.GetAttr("display_name").AsString())
	case c.Action == plan.ActionCreate:
		if err := w.Ledger.BindPool(plan.PoolEntry{Name: c.Name, Address: c.Address, Created: true}); err != nil {
			return err
		}
		if err := w.Executor.CreatePool(ctx, c.Name, c.Input.After); err != nil {
			return w.takeBack(fmt.Errorf("create: %w", err), func() error { return w.Ledger.ForgetPool(c.Name) })
		}
		return nil
	}
	return w.Executor.UpdatePool(ctx, c.Name, c.Input.After)
}
