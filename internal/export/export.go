package export

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2/hclwrite"

	"riveter/plan/address"
)

// suffix is how the names of configuration files end.
const suffix = ".rivet.hcl"

// Options say what to write besides the actors.
type Options struct {
	// Endpoint and Namespace are put into a rivet block, where they are not empty.
	Endpoint, Namespace string
	// Taken lists the declarations that are there already, whose labels are not used again.
	Taken []address.Address
}

// Result is the configuration, with what became of each actor.
type Result struct {
	Files    []File     // sorted by name
	Declared []Declared // sorted by address
	Omitted  []Omitted  // sorted by name and key
}

// File is a configuration file.
type File struct {
	Name    string // without a directory
	Content []byte
}

// Declared is an actor with the address under which it is declared.
type Declared struct {
	Address address.Address
	Actor   Actor
}

// Omitted is an actor that is not declared, and why.
type Omitted struct {
	Actor  Actor
	Reason string
}

// Write returns the configuration that declares actors, those left out that cannot be declared. No two of them may have
// the same name and key.
func Write(actors []Actor, o Options) Result {
	var r Result
	w := writer{result: &r, labels: newLabels(o.Taken), files: map[string]*bytes.Buffer{}}
	w.connection(o)
	groups := w.groups(actors)
	w.mention(groups)
	for _, g := range groups {
		w.block(g)
	}
	for _, name := range slices.Sorted(maps.Keys(w.files)) {
		r.Files = append(r.Files, File{name, hclwrite.Format(w.files[name].Bytes())})
	}
	slices.SortFunc(r.Declared, func(a, b Declared) int { return a.Address.Compare(b.Address) })
	return r
}

// writer collects what is written.
type writer struct {
	result *Result
	labels labels
	files  map[string]*bytes.Buffer
}

// file returns the file for a name, which is begun where need be, ready for another block.
func (w *writer) file(name string) *bytes.Buffer {
	name += suffix
	if w.files[name] == nil {
		w.files[name] = &bytes.Buffer{}
	} else {
		w.files[name].WriteString("\n")
	}
	return w.files[name]
}

// connection writes the rivet block.
func (w *writer) connection(o Options) {
	if o.Endpoint == "" && o.Namespace == "" {
		return
	}
	b := w.file("main")
	b.WriteString("rivet {\n")
	if o.Endpoint != "" {
		fmt.Fprintf(b, "endpoint = %s\n", quote(o.Endpoint))
	}
	if o.Namespace != "" {
		fmt.Fprintf(b, "namespace = %s\n", quote(o.Namespace))
	}
	b.WriteString("}\n")
}

// mention begins the files in which inputs are missing that nobody has asked for.
func (w *writer) mention(groups []*group) {
	asked := func(a *Actor) bool { return a.InputKnown || a.InputFault != "" }
	mentioned := map[string]bool{}
	for _, g := range groups {
		name := g.actors[0].Name
		if !mentioned[name] && !asked(g.actors[0]) {
			w.file(name).WriteString("# Without the inputs, which were not asked for: \"riveter export -read-inputs\" writes them too.\n")
			mentioned[name] = true
		}
	}
}

// groups divides those of the actors that can be declared among blocks, sorted by name and the number and the text of the
// parts of their keys.
func (w *writer) groups(actors []Actor) []*group {
	var fit []*Actor
	for _, a := range actors {
		if reason := a.unfit(); reason != "" {
			w.result.Omitted = append(w.result.Omitted, Omitted{a, reason})
			continue
		}
		fit = append(fit, &a)
	}
	slices.SortFunc(w.result.Omitted, func(a, b Omitted) int { return compare(&a.Actor, &b.Actor) })
	slices.SortFunc(fit, compare)
	var groups []*group
	for _, alike := range chunk(fit, traitsOf) {
		groups = append(groups, shapes(alike)...)
	}
	slices.SortStableFunc(groups, func(a, b *group) int { return compare(a.actors[0], b.actors[0]) })
	return groups
}

func compare(a, b *Actor) int {
	return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(len(a.Key), len(b.Key)), slices.Compare(a.Key, b.Key), cmp.Compare(a.ID, b.ID))
}

// traits are what all actors of a block have in common.
type traits struct {
	name, pool, crashPolicy string
	parts                   int
	hasInput                bool
}

func traitsOf(a *Actor) traits {
	return traits{a.Name, a.Pool, a.CrashPolicy, len(a.Key), a.hasInput()}
}

// chunk divides actors by what they are alike in, the first of a chunk giving its place.
func chunk[K comparable](actors []*Actor, by func(*Actor) K) [][]*Actor {
	var chunks [][]*Actor
	index := map[K]int{}
	for _, a := range actors {
		k := by(a)
		i, known := index[k]
		if !known {
			i = len(chunks)
			index[k] = i
			chunks = append(chunks, nil)
		}
		chunks[i] = append(chunks[i], a)
	}
	return chunks
}
