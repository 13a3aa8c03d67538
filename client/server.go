package client

import (
	"context"
	"time"
)

// Server is what a Rivet says about itself.
type Server struct {
	Runtime string // "engine"
	Status  string // "ok"
	Version string
}

// Health asks the server whether it is well. It needs no token.
func (m Management) Health(ctx context.Context) (Server, error) {
	var out Server
	err := m.askServer(ctx, get("/health", nil), nil, &out)
	return out, err
}

// Datacenter is one of the server's datacenters.
type Datacenter struct {
	Label int
	Name  string
	URL   string
}

// Datacenters lists the server's datacenters.
func (m Management) Datacenters(ctx context.Context) ([]Datacenter, error) {
	var out struct{ Datacenters []Datacenter }
	err := m.askServer(ctx, get("/datacenters", nil), nil, &out)
	return out.Datacenters, err
}

// Envoy is a registry that is, or was, connected to the server.
type Envoy struct {
	Key             string
	Pool            string
	Version         int
	CreatedAt       time.Time
	StoppedAt       time.Time // zero: it is connected
	RivetKitVersion string    // empty when it did not say
}

// Envoys lists the registries of the namespace.
func (m Management) Envoys(ctx context.Context) ([]Envoy, error) {
	var out struct {
		Envoys []struct {
			EnvoyKey string `json:"envoy_key"`
			PoolName string `json:"pool_name"`
			Version  int
			CreateTS *int64 `json:"create_ts"`
			StopTS   *int64 `json:"stop_ts"`
			Metadata struct{ RivetKit struct{ Version string } }
		}
	}
	if err := m.ask(ctx, get("/envoys", nil), nil, &out); err != nil {
		return nil, err
	}
	envoys := make([]Envoy, len(out.Envoys))
	for i, e := range out.Envoys {
		envoys[i] = Envoy{
			Key: e.EnvoyKey, Pool: e.PoolName, Version: e.Version, RivetKitVersion: e.Metadata.RivetKit.Version,
			CreatedAt: fromMillis(e.CreateTS), StoppedAt: fromMillis(e.StopTS),
		}
	}
	return envoys, nil
}
