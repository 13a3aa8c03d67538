package target

import (
	"context"
	"time"

	"riveter/client"
	"riveter/internal/operate"
	"riveter/plan"
)

// Target is one namespace of a Rivet, seen by planning and applying. It is safe for concurrent use.
type Target struct {
	client  *client.Client
	api     client.Management
	meter   *meter
	params  ParamsSource // nil where the connection's own are enough
	lookups int          // requests at a time
}

var _ operate.Server = (*Target)(nil)

// New returns the target that the options of package client describe. It sends nothing.
func New(options ...client.Option) (*Target, error) {
	m := &meter{}
	c, err := client.New(append(options, client.WithRoundTripper(m.around))...)
	if err != nil {
		return nil, err
	}
	return &Target{client: c, api: c.Management(), meter: m, lookups: lookups}, nil
}

// Environment asks the server which namespace this is. One that does not exist has no id.
func (t *Target) Environment(ctx context.Context) (plan.Target, error) {
	name := t.client.Namespace()
	namespace, found, err := t.api.NamespaceByName(ctx, name)
	if !found {
		namespace.ID = ""
	}
	return plan.Target{Endpoint: t.client.Endpoint(), Namespace: name, NamespaceID: namespace.ID}, err
}

// Limit makes t ask at most n actors at a time, where n is not 0. It is called before anything else.
func (t *Target) Limit(n int) {
	if n > 0 {
		t.lookups = n
	}
}

// Pool returns the name of the pool that actors go to which name none.
func (t *Target) Pool() string { return t.client.Pool() }

// Stats returns how many actors were looked up so far, how many requests were sent, how many of them asked actors, and how
// many actors that woke.
func (t *Target) Stats() plan.Stats {
	return plan.Stats{
		Resolved: int(t.meter.resolved.Load()),
		Requests: int(t.meter.requests.Load()),
		Reads:    int(t.meter.reads.Load()),
		Woken:    int(t.meter.woken.Load()),
	}
}

// Pressure implements apply.Executor: it counts the answers 429 and 503, and a management call that the engine gave up
// on because its host is busy.
func (t *Target) Pressure() int64 { return t.meter.pressure.Load() }

// ServerTime implements apply.Executor.
func (t *Target) ServerTime() (earliest time.Time, known bool) { return t.client.ServerTime() }

// Close gives back idle connections.
func (t *Target) Close() { t.client.Close() }
