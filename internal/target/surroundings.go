package target

import (
	"context"
	"errors"
	"fmt"
	"maps"

	"github.com/zclconf/go-cty/cty"

	"riveter/client"
	"riveter/plan"
)

// Surroundings looks at the named namespaces, and at all pools.
func (t *Target) Surroundings(ctx context.Context, namespaces []string) (plan.Surroundings, error) {
	s := plan.Surroundings{Namespaces: map[string]string{}, Pools: map[string]cty.Value{}}
	own := false
	for _, name := range append(namespaces, t.client.Namespace()) {
		namespace, found, err := t.api.NamespaceByName(ctx, name)
		if err != nil {
			return s, fmt.Errorf("look up the namespace %q: %w", name, err)
		}
		if found {
			s.Namespaces[name] = namespace.DisplayName
		}
		own = found
	}
	if !own { // then it has no pools either
		return s, nil
	}
	pools, err := t.api.Pools(ctx)
	if err != nil {
		return s, fmt.Errorf("look up the pools: %w", err)
	}
	for name, config := range pools {
		s.Pools[name] = fromPool(config)
	}
	return s, nil
}

// CreateNamespace implements apply.Surroundings.
func (t *Target) CreateNamespace(ctx context.Context, name, displayName string) error {
	_, err := t.api.CreateNamespace(ctx, name, displayName)
	if answer, ok := errors.AsType[*client.Error](err); ok && answer.Group == "namespace" && answer.Code == "name_not_unique" {
		return nil
	}
	return inDoubt(err)
}

// PutPool implements apply.Surroundings.
func (t *Target) PutPool(ctx context.Context, name string, datacenters cty.Value) error {
	pools, err := t.api.Pools(ctx)
	if err != nil {
		return err
	}
	config := client.PoolConfig{}
	maps.Copy(config, pools[name])
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
	_, err = t.api.PutPool(ctx, name, config)
	return inDoubt(err)
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
