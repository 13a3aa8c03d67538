package client

import (
	"context"
	"net/http"
	"net/url"
)

// PoolConfig is how a pool runs, by the name of the datacenter.
type PoolConfig map[string]PoolDatacenter

// PoolDatacenter is how a pool runs in one datacenter. Exactly one of Normal and
// Serverless is set.
type PoolDatacenter struct {
	Normal                *NormalPool     `json:"normal,omitempty"`
	Serverless            *ServerlessPool `json:"serverless,omitempty"`
	DrainOnVersionUpgrade *bool           `json:"drain_on_version_upgrade,omitempty"`
	Metadata              any             `json:"metadata,omitempty"`
}

// NormalPool is a pool whose registries dial the engine.
type NormalPool struct{}

// ServerlessPool is a pool whose registries the engine calls by HTTP. Nil leaves a
// setting to the server.
type ServerlessPool struct {
	URL                  string            `json:"url"`
	Headers              map[string]string `json:"headers,omitempty"`
	RequestLifespan      int               `json:"request_lifespan"` // seconds
	SlotsPerRunner       int               `json:"slots_per_runner"`
	MinRunners           *int              `json:"min_runners,omitempty"`
	MaxRunners           int               `json:"max_runners"`
	RunnersMargin        *int              `json:"runners_margin,omitempty"`
	MetadataPollInterval *int              `json:"metadata_poll_interval,omitempty"` // milliseconds
}

// Pools returns the configured pools of the namespace by name.
func (m Management) Pools(ctx context.Context) (map[string]PoolConfig, error) {
	var out struct {
		RunnerConfigs map[string]struct{ Datacenters PoolConfig } `json:"runner_configs"`
	}
	if err := m.ask(ctx, get("/runner-configs", url.Values{"limit": {"10000"}}), nil, &out); err != nil {
		return nil, err
	}
	pools := make(map[string]PoolConfig, len(out.RunnerConfigs))
	for name, config := range out.RunnerConfigs {
		pools[name] = config.Datacenters
	}
	return pools, nil
}

// PutPool creates or replaces the configuration of a pool. endpointChanged tells
// whether its registries are now to be found elsewhere.
func (m Management) PutPool(ctx context.Context, name string, config PoolConfig) (endpointChanged bool, err error) {
	in := struct {
		Datacenters PoolConfig `json:"datacenters"`
	}{config}
	var out struct {
		EndpointConfigChanged bool `json:"endpoint_config_changed"`
	}
	err = m.ask(ctx, request{method: http.MethodPut, path: "/runner-configs/" + escape(name), safe: true}, in, &out)
	return out.EndpointConfigChanged, err
}

// DeletePool removes the configuration of a pool; one that is not there is no error.
func (m Management) DeletePool(ctx context.Context, name string) error {
	req := request{method: http.MethodDelete, path: "/runner-configs/" + escape(name), safe: true}
	return m.ask(ctx, req, nil, nil)
}
