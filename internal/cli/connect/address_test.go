package connect

import (
	"strings"
	"testing"

	"riveter/hcl"
)

// Two places that are about different Rivets are an error, whichever they are, but the command line is what is meant.
func TestWhereTheRivetIs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		flags   Connector
		rivet   hcl.Rivet
		environ []string
		want    address
		err     string // in its place
	}{
		"nothing":                 {want: address{}},
		"the block":               {rivet: hcl.Rivet{Endpoint: "https://h/", Namespace: "n", Token: "t"}, want: address{"https://h", "n", "t"}},
		"the block's URL":         {rivet: hcl.Rivet{Endpoint: "https://n:t@h"}, want: address{"https://h", "n", "t"}},
		"the environment":         {environ: []string{"RIVET_ENDPOINT=https://h", "RIVET_NAMESPACE=n", "RIVET_TOKEN=t"}, want: address{"https://h", "n", "t"}},
		"each something":          {rivet: hcl.Rivet{Endpoint: "https://h"}, environ: []string{"RIVET_ENDPOINT=https://n@h", "RIVET_TOKEN=t"}, want: address{"https://h", "n", "t"}},
		"everywhere the same":     {rivet: hcl.Rivet{Endpoint: "https://n@h", Namespace: "n"}, environ: []string{"RIVET_ENGINE=https://h/", "RIVET_ENDPOINT=https://n@h", "RIVET_NAMESPACE=n"}, want: address{"https://h", "n", ""}},
		"what is empty is unset":  {rivet: hcl.Rivet{Endpoint: "https://h", Namespace: "n", Token: "t"}, environ: []string{"RIVET_ENDPOINT=", "RIVET_NAMESPACE=", "RIVET_TOKEN="}, want: address{"https://h", "n", "t"}},
		"flags":                   {flags: Connector{Endpoint: "https://f", Namespace: "fn"}, rivet: hcl.Rivet{Endpoint: "https://a:b@h", Namespace: "n"}, environ: []string{"RIVET_ENDPOINT=https://c:d@i", "RIVET_NAMESPACE=m"}, want: address{"https://f", "fn", ""}},
		"a flag's URL":            {flags: Connector{Endpoint: "https://fn:ft@f"}, rivet: hcl.Rivet{Namespace: "n", Token: "t"}, environ: []string{"RIVET_NAMESPACE=m", "RIVET_TOKEN=u"}, want: address{"https://f", "fn", "ft"}},
		"a flag and a URL":        {flags: Connector{Namespace: "fn"}, environ: []string{"RIVET_ENDPOINT=https://n:t@h"}, want: address{"https://h", "fn", "t"}},
		"a flag and a block":      {flags: Connector{Namespace: "fn"}, rivet: hcl.Rivet{Endpoint: "https://n:t@h"}, environ: []string{"RIVET_NAMESPACE=m"}, want: address{"https://h", "fn", "t"}},
		"a flag and what is none": {flags: Connector{Endpoint: "https://f"}, environ: []string{"RIVET_ENDPOINT=localhost"}, want: address{"https://f", "", ""}},

		"block, variable":          {rivet: hcl.Rivet{Namespace: "n"}, environ: []string{"RIVET_NAMESPACE=m"}, err: `the namespace is "n" in the rivet block, and "m" in RIVET_NAMESPACE: take one of them away, or say -namespace`},
		"block, URL in a variable": {rivet: hcl.Rivet{Namespace: "n"}, environ: []string{"RIVET_ENDPOINT=https://m@h"}, err: `"n" in the rivet block, and "m" in RIVET_ENDPOINT`},
		"URL in a block, variable": {rivet: hcl.Rivet{Endpoint: "https://n@h"}, environ: []string{"RIVET_NAMESPACE=m"}, err: `"m" in RIVET_NAMESPACE, and "n" in the endpoint of the rivet block`},
		"two variables":            {environ: []string{"RIVET_ENDPOINT=https://n@h", "RIVET_NAMESPACE=m"}, err: "the namespace is"},
		"two endpoints":            {rivet: hcl.Rivet{Endpoint: "https://h"}, environ: []string{"RIVET_ENDPOINT=https://x:sesame@i"}, err: `the endpoint is "https://h" in the endpoint of the rivet block, and "https://i" in RIVET_ENDPOINT`},
		"two endpoint variables":   {environ: []string{"RIVET_ENGINE=https://h", "RIVET_ENDPOINT=https://i"}, err: `"https://h" in RIVET_ENGINE, and "https://i" in RIVET_ENDPOINT`},
		"two tokens":               {rivet: hcl.Rivet{Token: "sesame"}, environ: []string{"RIVET_TOKEN=open sesame"}, err: "the token is one in the rivet block, and another in RIVET_TOKEN: take one of them away"},
		"two flags":                {flags: Connector{Endpoint: "https://fn@f", Namespace: "other"}, err: `"other" in -namespace, and "fn" in -endpoint`},

		"an empty variable":    {environ: []string{"RIVET_ENDPOINT="}, err: "RIVET_ENDPOINT: endpoint is empty"},
		"a variable of no URL": {environ: []string{"RIVET_ENDPOINT=sesame:6420"}, err: "RIVET_ENDPOINT: endpoint is not a valid URL"},
		"a flag of no URL":     {flags: Connector{Endpoint: "sesame:6420"}, err: "-endpoint: endpoint is not a valid URL"},
		"a block of no URL":    {rivet: hcl.Rivet{Endpoint: "sesame:6420"}, err: "The endpoint of the rivet block: endpoint is not a valid URL"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.flags.Lookup = lookup(c.environ)
			got, err := c.flags.address(&c.rivet)
			switch {
			case c.err == "":
				if err != nil || got != c.want {
					t.Errorf("got %+v, %v, want %+v", got, err, c.want)
				}
			case err == nil || !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(c.err)) || strings.Contains(err.Error(), "sesame"):
				t.Errorf("got %v, want %s", err, c.err)
			}
		})
	}
}
