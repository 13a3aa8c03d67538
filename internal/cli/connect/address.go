package connect

import (
	"cmp"
	"fmt"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/client"
	"riveter/hcl"
	"riveter/internal/operate"
)

// address is where the Rivet is, in which namespace, and what gives access to it. What nobody has said is empty.
type address struct{ endpoint, namespace, token string }

// source is a place that says something of the address.
type source struct {
	name  string
	place hcl2.Range // in the configuration, if it is there
	address
}

// address returns where the Rivet is. The command line wins. The configuration and the environment must not disagree, as one of them is
// then about another Rivet than is meant.
func (c *Connector) address(r *hcl.Rivet) (address, error) {
	flags, others, err := c.sources(r)
	if err != nil {
		return address{}, err
	}
	endpoint, noEndpoint := agreed("endpoint", flags, others, func(a address) string { return a.endpoint })
	namespace, noNamespace := agreed("namespace", flags, others, func(a address) string { return a.namespace })
	token, noToken := agreed("token", flags, others, func(a address) string { return a.token })
	return address{endpoint, namespace, token}, cmp.Or(noEndpoint, noNamespace, noToken)
}

// sources are the flags, and all others. The URL of a flag is in place of every other one, with what gives access in it.
func (c *Connector) sources(r *hcl.Rivet) (flags, others []source, err error) {
	flags = []source{{name: "-namespace", address: address{namespace: c.Namespace}}}
	others = []source{
		{"the rivet block", r.Ranges["namespace"], address{namespace: r.Namespace}},
		{"the rivet block", r.Ranges["token"], address{token: r.Token}},
		{name: "RIVET_NAMESPACE", address: address{namespace: c.variable("RIVET_NAMESPACE")}},
		{name: "RIVET_TOKEN", address: address{token: c.variable("RIVET_TOKEN")}},
	}
	if c.Endpoint != "" {
		flag, err := inURL("-endpoint", hcl2.Range{}, c.Endpoint)
		return append(flags, flag), others, err
	}
	if r.Endpoint != "" {
		block, err := inURL("the endpoint of the rivet block", r.Ranges["endpoint"], r.Endpoint)
		if err != nil {
			return nil, nil, err
		}
		others = append(others, block)
	}
	for _, name := range endpointVariables {
		url, ok := c.Lookup(name)
		if !ok || url == "" && r.Endpoint != "" {
			continue
		}
		variable, err := inURL(name, hcl2.Range{}, url)
		if err != nil {
			return nil, nil, err
		}
		others = append(others, variable)
	}
	return flags, others, nil
}

// endpointVariables are those that RivetKit reads, too.
var endpointVariables = []string{"RIVET_ENGINE", "RIVET_ENDPOINT"}

func (c *Connector) variable(name string) string {
	value, _ := c.Lookup(name)
	return value
}

// inURL is what the URL of an endpoint says.
func inURL(name string, place hcl2.Range, url string) (source, error) {
	base, namespace, token, err := client.ParseEndpoint(url)
	if err != nil {
		return source{}, operate.At(place, "Invalid connection", fmt.Errorf("%s: %w", name, err))
	}
	return source{name, place, address{base.String(), namespace, token}}, nil
}

// agreed returns the one thing that the flags say of a part of the address or, where they say nothing, that the others do.
func agreed(part string, flags, others []source, of func(address) string) (string, error) {
	for _, sources := range [][]source{flags, others} {
		var said source
		for _, s := range sources {
			switch {
			case of(s.address) == "" || of(s.address) == of(said.address):
			case of(said.address) == "":
				said = s
			default:
				return "", disagreement(part, said, s, of)
			}
		}
		if text := of(said.address); text != "" {
			return text, nil
		}
	}
	return "", nil
}

// disagreement says what is to be done about two sources. It shows no token.
func disagreement(part string, a, b source, of func(address) string) error {
	first, second := fmt.Sprintf("%q", of(a.address)), fmt.Sprintf("%q", of(b.address))
	advice := fmt.Sprintf("take one of them away, or say -%s, which wins", part)
	if part == "token" {
		first, second, advice = "one", "another", "take one of them away"
	}
	place := cmp.Or(a.place, b.place)
	return operate.At(place, "Invalid connection", fmt.Errorf("the %s is %s in %s, and %s in %s: %s", part, first, a.name, second, b.name, advice))
}
