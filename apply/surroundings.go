package apply

import (
	"context"
	"fmt"
	"time"

	"github.com/zclconf/go-cty/cty"

	"riveter/plan"
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

// surround carries out the change of something that actors live in.
func (o *Options) surround(do func() error) plan.ChangeResult {
	began := time.Now()
	result := plan.Result{Outcome: plan.OutcomeDone}
	if err := o.safely(do); err != nil {
		result = failure(err)
	}
	result.Elapsed = time.Since(began)
	return plan.ChangeResult{Result: result}
}

// namespace carries out the change of a namespace.
func (o *Options) namespace(ctx context.Context, c *plan.NamespaceChange) error {
	return o.Executor.CreateNamespace(ctx, c.Name, c.DisplayName)
}

// pool carries out the change of a pool.
func (o *Options) pool(ctx context.Context, c *plan.PoolChange) error {
	switch c.Action {
	case plan.ActionCreate:
		return o.createPool(ctx, c)
	case plan.ActionUpdate:
		return o.Executor.UpdatePool(ctx, c.Name, c.After)
	case plan.ActionDestroy:
		if err := o.Executor.DeletePool(ctx, c.Name); err != nil {
			return fmt.Errorf("delete: %w", err)
		}
		return o.Ledger.ForgetPool(c.Name)
	case plan.ActionForget:
		return o.Ledger.ForgetPool(c.Name)
	case plan.ActionNoOp, plan.ActionAdopt, plan.ActionRead, plan.ActionReplace:
	}
	return nil
}

// createPool creates a pool, and makes it riveter's when it is there for sure: nothing tells later who made one.
func (o *Options) createPool(ctx context.Context, c *plan.PoolChange) error {
	entry := plan.PoolEntry{Name: c.Name, Address: c.Address}
	if err := o.Ledger.BindPool(entry); err != nil {
		return err
	}
	if err := o.Executor.CreatePool(ctx, c.Name, c.After); err != nil {
		return takeBack(fmt.Errorf("create: %w", err), func() error { return o.restorePool(c) })
	}
	entry.Created = true
	return o.Ledger.BindPool(entry)
}

// restorePool has the ledger remember what it did before the pool was to be created.
func (o *Options) restorePool(c *plan.PoolChange) error {
	if c.Gone == nil {
		return o.Ledger.ForgetPool(c.Name)
	}
	return o.Ledger.BindPool(*c.Gone)
}
