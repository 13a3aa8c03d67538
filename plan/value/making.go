package value

import "github.com/zclconf/go-cty/cty"

// Making says how a value is made that is not known yet: what an expression says, what it reads of files and of the environment, and what stands
// for the names in it. Two values that are made alike are the same, once they are known. Makings are shared, and must not be changed.
type Making struct {
	Text string // of the expression, without names, space and comments
	Of   []Ingredient
}

// Ingredient is what a value is made of.
type Ingredient struct {
	Name  string    // what is selected of something that has no value of its own yet; empty for what is known
	Value cty.Value // as far as it is known; cty.NilVal where there is none
	Made  []*Making // how what is not known of it is made

	GivesAccess bool // what is secret of the value only says who asks, and is another one tomorrow
}
