package target

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/zclconf/go-cty/cty"
	"golang.org/x/sync/errgroup"

	"riveter/client"
)

// Namespaces returns the display names of those of the named namespaces that exist.
func (t *Target) Namespaces(ctx context.Context, names []string) (map[string]string, error) {
	var mu sync.Mutex
	displayNames := map[string]string{}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(t.lookups)
	for _, name := range names {
		group.Go(func() error {
			namespace, found, err := t.api.NamespaceByName(ctx, name)
			if err != nil {
				return fmt.Errorf("look up the namespace %q: %w", name, err)
			}
			mu.Lock()
			defer mu.Unlock()
			if found {
				displayNames[name] = namespace.DisplayName
			}
			return nil
		})
	}
	return displayNames, group.Wait()
}

// Pools returns the settings of all pools of the namespace.
func (t *Target) Pools(ctx context.Context) (map[string]cty.Value, error) {
	found, err := t.api.Pools(ctx)
	if err != nil {
		return nil, fmt.Errorf("look up the pools: %w", err)
	}
	pools := make(map[string]cty.Value, len(found))
	for name, config := range found {
		pools[name] = fromPool(config)
	}
	return pools, nil
}

// CreateNamespace implements apply.Surroundings.
func (t *Target) CreateNamespace(ctx context.Context, name, displayName string) error {
	_, err := t.api.CreateNamespace(ctx, name, displayName)
	if answer, ok := errors.AsType[*client.Error](err); ok && answer.Group == "namespace" && answer.Code == "name_not_unique" {
		return nil
	}
	return inDoubt(err)
}

// CreatePool implements apply.Surroundings.
func (t *Target) CreatePool(ctx context.Context, name string, datacenters cty.Value) error {
	pools, err := t.api.Pools(ctx)
	if err != nil {
		return err
	}
	if pools[name] != nil {
		return errors.New("somebody else created the pool after the plan was made; plan again to change it")
	}
	return uncreated(t.putPool(ctx, name, client.PoolConfig{}, datacenters), func() (bool, error) {
		pools, err := t.api.Pools(ctx)
		return pools[name] != nil, err
	})
}

// UpdatePool implements apply.Surroundings.
func (t *Target) UpdatePool(ctx context.Context, name string, datacenters cty.Value) error {
	pools, err := t.api.Pools(ctx)
	if err != nil {
		return err
	}
	if pools[name] == nil {
		return errors.New("somebody else deleted the pool after the plan was made; plan again to create it")
	}
	return inDoubt(t.putPool(ctx, name, pools[name], datacenters))
}

// putPool sends the configuration of a pool with other settings for some datacenters.
func (t *Target) putPool(ctx context.Context, name string, config client.PoolConfig, datacenters cty.Value) error {
	for datacenter, settings := range datacenters.AsValueMap() {
		normal, err := settingsOf(settings, "normal")
		if err != nil {
			return err
		}
		serverless, err := settingsOf(settings, "serverless")
		if err != nil {
			return err
		}
		config[datacenter] = client.PoolDatacenter{Normal: normal, Serverless: serverless, Metadata: config[datacenter].Metadata}
	}
	_, err := t.api.PutPool(ctx, name, config)
	return err
}

// settingsOf returns the settings of a datacenter that runs in the given way, and nil for one that does not.
func settingsOf(datacenter cty.Value, way string) (map[string]any, error) {
	datacenter, _ = datacenter.UnmarkDeep()
	if !datacenter.Type().HasAttribute(way) {
		return nil, nil
	}
	settings, err := toGo(datacenter.GetAttr(way))
	if err != nil {
		return nil, err
	}
	return settings.(map[string]any), nil
}

// DeletePool implements apply.Surroundings.
func (t *Target) DeletePool(ctx context.Context, name string) error {
	return inDoubt(t.api.DeletePool(ctx, name))
}

func fromPool(config client.PoolConfig) cty.Value {
	datacenters := make(map[string]cty.Value, len(config))
	for name, settings := range config {
		way := map[string]cty.Value{}
		if settings.Normal != nil {
			way["normal"] = fromGo(settings.Normal)
		}
		if settings.Serverless != nil {
			way["serverless"] = fromGo(settings.Serverless)
		}
		datacenters[name] = cty.ObjectVal(way)
	}
	return cty.ObjectVal(datacenters)
}
