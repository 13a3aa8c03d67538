package declare

import (
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"riveter/hcl/expr"
	"riveter/hcl/syntax"
)

// row is one attribute of the language: its name, type and documentation, and where its value goes when the block that it is
// in is evaluated to a T.
type row[T any] struct {
	syntax.Attribute
	set func(into *T, v Values, name string)
}

// Values reads the attributes of a block, each as what its row says. What is wrong with one is noted, and it then has the value
// of an absent one. The name of an attribute in a nested block follows that of the block, as in timeouts.call.
type Values interface {
	// Has reports whether an attribute is given.
	Has(name string) bool
	Text(name string) string
	Flag(name string) bool
	Duration(name string) time.Duration
	Number(name string) *int
	Texts(name string) map[string]string
	List(name string) []string
	// Choice returns one of a few values: the first, if the attribute is absent.
	Choice(name string, of []string) string
	// Statuses returns which status of an answer is good.
	Statuses(name string) []int

	// Name returns what a call is addressed to, Args what it is made with.
	Name(name, absent string) string
	Args(name string, absent cty.Value) cty.Value
	// LateArgs is Args for a call that may turn out not to be needed: what is made of an actor may have no value until then.
	LateArgs(name string, absent cty.Value, needed bool) cty.Value
	// Payload returns a value that is sent, JSON one that is sent as JSON, Path and Headers those of a request, and Converted a
	// value that is sent as one of a type. Absent ones are cty.NilVal. They may be unknown.
	Payload(name string) cty.Value
	JSON(name string) cty.Value
	Path(name string) cty.Value
	Headers(name string) cty.Value
	Converted(name string, to cty.Type) cty.Value
	// Compared returns a value that is not sent.
	Compared(name string) cty.Value
	// Connection returns connection parameters, which may be ephemeral. Those that are not known count as absent.
	Connection(name string) cty.Value
	// Triggers returns a value that is compared from run to run.
	Triggers(name string) cty.Value
	// Guard returns true, false or unknown; cty.NilVal if it is absent.
	Guard(name string) cty.Value
	// Condition is Guard together with what shows the values that a condition is made of where it does not hold.
	Condition(name string) (holds cty.Value, unmet *hcl2.Diagnostic)
	// Message returns what to say where something does not hold.
	Message(name string) string
}

func custom[T any](name, typ, doc string, set func(into *T, v Values, name string)) row[T] {
	return row[T]{syntax.Attribute{Name: name, Type: typ, Doc: doc}, set}
}

func text[T any](name, doc string, field func(*T) *string) row[T] {
	return custom(name, "string", doc, func(into *T, v Values, name string) { *field(into) = v.Text(name) })
}

func flag[T any](name, doc string, field func(*T) *bool) row[T] {
	return custom(name, "bool", doc, func(into *T, v Values, name string) { *field(into) = v.Flag(name) })
}

func duration[T any](name, doc string, field func(*T) *time.Duration) row[T] {
	return custom(name, "duration", doc, func(into *T, v Values, name string) { *field(into) = v.Duration(name) })
}

func texts[T any](name, doc string, field func(*T) *map[string]string) row[T] {
	return custom(name, "map(string)", doc, func(into *T, v Values, name string) { *field(into) = v.Texts(name) })
}

func list[T any](name, doc string, field func(*T) *[]string) row[T] {
	return custom(name, "list(string)", doc, func(into *T, v Values, name string) { *field(into) = v.List(name) })
}

func compared[T any](name, doc string, field func(*T) *cty.Value) row[T] {
	return custom(name, "any", doc, func(into *T, v Values, name string) { *field(into) = v.Compared(name) })
}

func guard[T any](name, doc string, field func(*T) *cty.Value) row[T] {
	return custom(name, "bool", doc, func(into *T, v Values, name string) { *field(into) = v.Guard(name) })
}

// choice is an attribute with one of a few values, the first of which is the default.
func choice[T any, C ~string](name, doc string, field func(*T) *C, of ...C) row[T] {
	values := make([]string, len(of))
	for i, value := range of {
		values[i] = string(value)
	}
	return custom(name, "string", doc, func(into *T, v Values, name string) { *field(into) = C(v.Choice(name, values)) })
}

func (r row[T]) required() row[T] {
	r.Required = true
	return r
}

// within makes rows of a part rows of the whole.
func within[T, P any](part func(*T) *P, rows []row[P]) []row[T] {
	all := make([]row[T], len(rows))
	for i, r := range rows {
		all[i] = row[T]{r.Attribute, func(into *T, v Values, name string) { r.set(part(into), v, name) }}
	}
	return all
}

// fill evaluates rows, whose attributes are in a nested block if there is a prefix.
func fill[T any](into *T, v Values, prefix string, rows []row[T]) {
	for _, r := range rows {
		r.set(into, v, prefix+r.Name)
	}
}

// part is an attribute that a block keeps as it is written: an expression, or a constant that says how others are read.
type part[T any] struct {
	syntax.Attribute
	in func(*T) any // a pointer to an *Expression, string or bool
}

func expression[T any](name, typ, doc string, in func(*T) **expr.Expression) part[T] {
	return part[T]{syntax.Attribute{Name: name, Type: typ, Doc: doc}, func(into *T) any { return in(into) }}
}

func constant[T, C any](name, typ, doc string, in func(*T) *C) part[T] {
	return part[T]{syntax.Attribute{Name: name, Type: typ, Doc: doc}, func(into *T) any { return in(into) }}
}

func (p part[T]) required() part[T] {
	p.Required = true
	return p
}

// keep puts the attributes of a block where its parts say.
func keep[T any](into *T, c *syntax.Content, parts []part[T]) hcl2.Diagnostics {
	var diags hcl2.Diagnostics
	for _, p := range parts {
		switch in := p.in(into).(type) {
		case **expr.Expression:
			*in = expr.Of(c, p.Name)
		default:
			diags = append(diags, c.Constant(p.Name, in)...)
		}
	}
	return diags
}

// attributed is a row or a part.
type attributed interface{ attribute() syntax.Attribute }

func (r row[T]) attribute() syntax.Attribute  { return r.Attribute }
func (p part[T]) attribute() syntax.Attribute { return p.Attribute }

// attributes returns what a schema says of rows or parts.
func attributes[A attributed](rows []A) []syntax.Attribute {
	all := make([]syntax.Attribute, len(rows))
	for i, r := range rows {
		all[i] = r.attribute()
	}
	return all
}

// settings returns the expressions of rows, by their names with a prefix.
func settings[T any](into map[string]*expr.Expression, c *syntax.Content, prefix string, rows []row[T]) {
	for _, r := range rows {
		if e := expr.Of(c, r.Name); e != nil {
			into[prefix+r.Name] = e
		}
	}
}
