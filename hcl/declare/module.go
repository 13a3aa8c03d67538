package declare

import (
	"cmp"
	"fmt"
	"path"
	"path/filepath"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"riveter/hcl/expr"
	"riveter/hcl/syntax"
	"riveter/plan"
)

// ModuleSchema describes all blocks of the language: what a file may hold, and what these may hold.
var ModuleSchema = &syntax.Schema{
	Static: true,
	Doc:    "A configuration: all files of one directory.",
	Blocks: []syntax.Nested{
		{Name: "riveter", Single: true, Schema: riveterSchema},
		{Name: "rivet", Single: true, Schema: rivetSchema},
		{Name: "variable", Labels: []string{"name"}, Schema: variableSchema},
		{Name: "locals", Schema: localsSchema},
		{Name: "actor", Labels: []string{"name", "label"}, Schema: actorSchema},
		{Name: "data", Labels: []string{"name", "label"}, Schema: dataSchema},
		{Name: "module", Labels: []string{"name"}, Schema: moduleCallSchema},
		{Name: "output", Labels: []string{"name"}, Schema: outputSchema},
		{Name: "check", Labels: []string{"name"}, Schema: checkSchema},
		{Name: "moved", Schema: movedSchema},
		{Name: "removed", Schema: removedSchema},
		{Name: "namespace", Labels: []string{"name"}, Schema: namespaceSchema},
		{Name: "runner_config", Labels: []string{"pool"}, Schema: runnerConfigSchema},
	},
	Foreign: map[string]string{
		"resource":  "Its counterpart is \"actor\".",
		"ephemeral": "A value that is kept nowhere is a variable with ephemeral = true.",
		"provider":  "Its counterpart is \"rivet\", which says where the server is.",
		"terraform": "Its counterpart is \"riveter\".",
		"import":    "Declare the actor with its key: one that exists already is adopted, and none of its steps is sent before somebody says so.",
		"action":    "An action is a step, inside the block of the actor that it is called on.",
	},
}

// Module is the decoded content of one directory.
type Module struct {
	Dir           string
	riveter       *riveter
	rivet         *Rivet
	Variables     []*Variable
	locals        []*Local
	actors        []*Actor // and data blocks
	calls         []*ModuleCall
	Outputs       []*Output
	checks        []*Check
	namespaces    []*Namespace
	runnerConfigs []*RunnerConfig
	moves         []move
	stepMoves     map[string][]move // those of them that are of steps, by the address of the actor block within its module
	removals      []plan.Removal

	declared map[string]hcl2.Range    // what has a name, by its address within the module
	Dynamic  map[string]*DynamicBlock // blocks that have dynamic blocks, in the same way
	unread   map[string]bool          // what blocks of unknown types seem to declare, labels joined by dots
}

func (m *Module) decode(file *hcl2.File) hcl2.Diagnostics {
	c, diags := ModuleSchema.Decode(file.Body)
	if diags.HasErrors() {
		m.noteUnread(file.Body)
	}
	for _, block := range c.Blocks {
		diags = append(diags, m.decodeBlock(block)...)
	}
	return diags
}

// noteUnread remembers what misspelt blocks seem to declare, so that references to it are not reported too.
func (m *Module) noteUnread(body hcl2.Body) {
	native, ok := body.(*hclsyntax.Body)
	if !ok {
		return
	}
	for _, block := range native.Blocks {
		if ModuleSchema.Block(block.Type).Schema != nil {
			continue
		}
		m.unread[strings.Join(block.Labels, ".")] = true
		for name := range block.Body.Attributes {
			m.unread[name] = true
		}
	}
}

func (m *Module) decodeBlock(block *hcl2.Block) hcl2.Diagnostics {
	switch block.Type {
	case "riveter":
		return decodeOnly(m, &m.riveter, block, decodeRiveter)
	case "rivet":
		return decodeOnly(m, &m.rivet, block, decodeRivet)
	case "variable":
		return decodeNamed(m, &m.Variables, block, decodeVariable)
	case "locals":
		return m.decodeLocals(block)
	case "actor":
		return decodeNamed(m, &m.actors, block, decodeActor)
	case "data":
		return decodeNamed(m, &m.actors, block, decodeData)
	case "module":
		return decodeNamed(m, &m.calls, block, decodeModuleCall)
	case "output":
		return decodeNamed(m, &m.Outputs, block, decodeOutput)
	case "check":
		return decodeNamed(m, &m.checks, block, decodeCheck)
	case "moved":
		return decodeListed(&m.moves, block, decodeMoved)
	case "removed":
		return decodeListed(&m.removals, block, decodeRemoved)
	case "namespace":
		return decodeNamed(m, &m.namespaces, block, decodeNamespace)
	case "runner_config":
		return decodeNamed(m, &m.runnerConfigs, block, decodeRunnerConfig)
	default:
		panic("hcl: no decoder for block " + block.Type)
	}
}

// decodeOnly decodes a block of which a module, with all its files, has at most one.
func decodeOnly[T only](
	m *Module, into *T, block *hcl2.Block, decode func(*hcl2.Block) (T, hcl2.Diagnostics),
) hcl2.Diagnostics {
	decoded, diags := decode(block)
	var none T
	if any(*into) != any(none) {
		return append(diags, syntax.Duplicate(block.Type+" block", block.DefRange, (*into).declRange()))
	}
	*into = decoded
	return append(diags, syntax.Unsaid(noteDynamic(m, decoded, block, decode), diags)...)
}

// Named is a declaration that expressions may refer to by an address within its module.
type Named interface{ Address() string }

// only is one of which a module has at most one.
type only interface {
	Named
	declRange() hcl2.Range
}

// decodeListed decodes a block that has no name. What cannot be decoded is reported and left out.
func decodeListed[T any](into *[]T, block *hcl2.Block, decode func(*hcl2.Block) (*T, hcl2.Diagnostics)) hcl2.Diagnostics {
	decoded, diags := decode(block)
	if decoded != nil {
		*into = append(*into, *decoded)
	}
	return diags
}

// decodeNamed decodes a block that declares a name of its own.
func decodeNamed[T Named](
	m *Module, into *[]T, block *hcl2.Block, decode func(*hcl2.Block) (T, hcl2.Diagnostics),
) hcl2.Diagnostics {
	decoded, diags := decode(block)
	diags = append(diags, checkLabels(block)...)
	if d := m.declare(decoded.Address(), block.Type, block.DefRange); d != nil {
		return append(diags, d)
	}
	*into = append(*into, decoded)
	return append(diags, syntax.Unsaid(noteDynamic(m, decoded, block, decode), diags)...)
}

// declare reserves a name and reports whether it was taken already.
func (m *Module) declare(address, what string, at hcl2.Range) *hcl2.Diagnostic {
	first, taken := m.declared[address]
	if !taken {
		m.declared[address] = at
		return nil
	}
	d := syntax.Duplicate(what, at, first)
	d.Detail = fmt.Sprintf("%s is declared already, at %s. Remove one of the two, or give it another name.", address, syntax.Place(first))
	return d
}

// checkLabels checks that the last label of a block, the name that references use, can be written in one. Only an
// Actor's first label is somebody else's name, and has rules of its own.
func checkLabels(block *hcl2.Block) hcl2.Diagnostics {
	last := len(block.Labels) - 1
	if hclsyntax.ValidIdentifier(block.Labels[last]) {
		return nil
	}
	return hcl2.Diagnostics{syntax.Problem("Invalid name", fmt.Sprintf(
		"%q cannot be the name of this %s: a name starts with a letter or an underscore, and has only letters, digits, underscores and dashes.",
		block.Labels[last], block.Type,
	), block.LabelRanges[last])}
}

// rootOnly reports blocks of a called module that only the root may have.
func (m *Module) rootOnly() hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	if m.rivet != nil {
		diags = append(diags, syntax.Problem("Block in a called module", "Only the root module says with a rivet block where the server is.", m.rivet.Range))
	}
	if m.riveter != nil && m.riveter.ledger != nil {
		diags = append(diags, syntax.Problem("Block in a called module", "Only the root module says with a ledger block where the ledger is kept.", m.riveter.ledger.Range))
	}
	for _, removed := range m.removals {
		diags = append(diags, syntax.Problem("Block in a called module", "Only the root module has removed blocks. There the address starts with that of the module.", removed.Range))
	}
	return diags
}

var moduleCallSchema = &syntax.Schema{
	Doc: "A configuration in another directory, whose variables are given as further arguments.",
	Attributes: append([]syntax.Attribute{
		{Name: "source", Type: "string", Required: true, Doc: "Path of the directory, relative to this one, such as \"./tenant\"."},
	}, dependencyAttributes...),
	Open: true,
}

// ModuleCall is a decoded module block.
type ModuleCall struct {
	name       string
	source     string
	sourceAt   hcl2.Range
	Repetition *Repetition
	arguments  map[string]*Argument
	DependsOn  []*expr.Reference
	rng        hcl2.Range
	config     *Module // nil if it cannot be read

	Scope *Scope
}

// Argument is the value of a variable of the module that is called.
type Argument struct {
	Value *expr.Expression
	at    hcl2.Range
	Scope *Scope
}

// Address returns the address within the module.
func (c *ModuleCall) Address() string { return "module." + c.name }

// Range is that of the block's header.
func (c *ModuleCall) Range() hcl2.Range { return c.rng }

func decodeModuleCall(block *hcl2.Block) (*ModuleCall, hcl2.Diagnostics) {
	c, diags := moduleCallSchema.Decode(block.Body)
	m := &ModuleCall{name: block.Labels[0], rng: block.DefRange, sourceAt: c.MissingRange, arguments: map[string]*Argument{}}
	diags = append(diags, m.decodeSource(c)...)
	var more hcl2.Diagnostics
	m.Repetition, more = decodeRepetition(c)
	diags = append(diags, more...)
	m.DependsOn, more = expr.DependsOn(c)
	diags = append(diags, more...)
	m.Scope = &Scope{Expressions: m.Repetition.expressions()}
	for _, attr := range syntax.InSourceOrder(c.Others) {
		value := expr.New(attr.Expr)
		m.arguments[attr.Name] = &Argument{value, attr.NameRange, &Scope{Expressions: []*expr.Expression{value}, repetition: m.Repetition}}
	}
	return m, diags
}

func (m *ModuleCall) decodeSource(c *syntax.Content) hcl2.Diagnostics {
	attr := c.Attributes["source"]
	if attr == nil {
		return nil // which decoding has reported
	}
	m.sourceAt = attr.Expr.Range()
	diags := c.Constant("source", &m.source)
	if !diags.HasErrors() && !strings.HasPrefix(m.source, "./") && !strings.HasPrefix(m.source, "../") {
		location, _, _ := strings.Cut(filepath.ToSlash(m.source), "?") // which secrets may follow
		diags = append(diags, syntax.Problem("Invalid module source", fmt.Sprintf(
			"The source of a module is a local path that starts with ./ or ../, such as \"./%s\". Nothing is downloaded.",
			strings.TrimSuffix(path.Base(cmp.Or(location, m.name)), ".git")), m.sourceAt))
		m.source = ""
	}
	return diags
}
