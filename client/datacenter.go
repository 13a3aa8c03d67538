package client

import "context"

// Datacenter is one of the server's datacenters.
type Datacenter struct {
	Label int
	Name  string
	URL   string
}

type datacenterPage struct{ Datacenters []Datacenter }

func (p *datacenterPage) isThere() bool { return p.Datacenters != nil }

// Datacenters lists the server's datacenters.
func (m Management) Datacenters(ctx context.Context) ([]Datacenter, error) {
	var out datacenterPage
	err := m.askServer(ctx, get("/datacenters", nil), nil, &out)
	return out.Datacenters, err
}
