package export

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"riveter/plan/address"
)

// firstActor is the configuration to begin with, but for where the server is.
const firstActor = `# The actor named %[1]s with this key. "riveter plan" shows what is missing, "riveter apply" creates it.
actor %[1]s "example" {
  key = ["example"]

  # What createState is given, where it wants something:
  # input = { topic = "hello" }

  # A call that is made once, of an action of this actor:
  # action "someAction" {
  #   args = ["hello"]
  # }
}

output "example_id" {
  value = %[2]s.example.id
}
`

// First returns the configuration to begin with where there is none: it declares one actor of a name that is among names, and mentions the
// others.
func First(name string, names []string, o Options) File {
	reference := "actor." + name
	if !hclsyntax.ValidIdentifier(name) {
		reference = "actor[" + address.Quote(name) + "]"
	}
	w := writer{files: map[string]*bytes.Buffer{}}
	w.connection(o)
	b := w.file("main")
	fmt.Fprintf(b, firstActor, address.Quote(name), reference)
	var others []string
	for _, other := range names {
		if other != name {
			others = append(others, address.Quote(other)) // as it is a server's word, which may have a line of its own in it
		}
	}
	if len(others) > 0 {
		fmt.Fprintf(b, "\n# There are also actors named %s.\n", strings.Join(others, ", "))
	}
	return File{"main" + suffix, hclwrite.Format(b.Bytes())}
}
