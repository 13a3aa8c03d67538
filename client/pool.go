package client

import (
	"context"
	"net/http"
	"net/url"
)

// PoolConfig is how a pool runs, by the name of the datacenter.
type PoolConfig map[string]PoolDatacenter

// PoolDatacenter is how a pool runs in one datacenter: exactly one of Normal and
// Serverless is not nil. Its members are the settings as the management API names them,
// such as "drain_on_version_upgrade" and "request_lifespan"; the server fills in what is
// left out, and ignores what it does not know.
type PoolDatacenter struct {
	Normal     map[string]any `json:"normal,omitzero"`     // registries dial the engine
	Serverless map[string]any `json:"serverless,omitzero"` // the engine calls registries by HTTP
	Metadata   any            `json:"metadata,omitzero"`
}

type poolPage struct {
	RunnerConfigs map[string]struct{ Datacenters PoolConfig } `json:"runner_configs"`
}

func (p *poolPage) isThere() bool { return p.RunnerConfigs != nil }

// Pools returns the configured pools of the namespace by name. There is no method for a
// single one, since the server's answer about that is up to 5 s old.
func (m Management) Pools(ctx context.Context) (map[string]PoolConfig, error) {
	var out poolPage
	if err := m.ask(ctx, get("/runner-configs", url.Values{"limit": {"10000"}}), nil, &out); err != nil {
		return nil, err
	}
	pools := make(map[string]PoolConfig, len(out.RunnerConfigs))
	for name, config := range out.RunnerConfigs {
		pools[name] = config.Datacenters
	}
	return pools, nil
}

// PutPool creates or replaces the configuration of a pool. endpointChanged is the
// server's word for whether that changed where registries are.
func (m Management) PutPool(ctx context.Context, name string, config PoolConfig) (endpointChanged bool, err error) {
	in := struct {
		Datacenters PoolConfig `json:"datacenters"`
	}{config}
	var out putPool
	err = m.ask(ctx, request{method: http.MethodPut, path: "/runner-configs/" + escape(name), safe: true}, in, &out)
	return err == nil && *out.EndpointConfigChanged, err
}

type putPool struct {
	EndpointConfigChanged *bool `json:"endpoint_config_changed"`
}

func (p *putPool) isThere() bool { return p.EndpointConfigChanged != nil }

// DeletePool removes the configuration of a pool and returns when the server's list says
// that it is gone; one that is not there is no error.
func (m Management) DeletePool(ctx context.Context, name string) error {
	req := request{method: http.MethodDelete, path: "/runner-configs/" + escape(name), safe: true}
	gone, err := m.remove(ctx, req, "pool "+name, func(ctx context.Context, _ bool) (bool, error) {
		pools, err := m.Pools(ctx)
		_, stays := pools[name]
		return err == nil && !stays, err
	})
	if gone || err != nil {
		return err
	}
	return &Error{Method: req.method, Path: req.path, Message: "the server reports success, yet the pool stays"}
}
