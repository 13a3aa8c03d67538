package hcl

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestNoValueOfAnArgumentIsACrash puts values that hardly anybody means, half-typed ones among them, in the place of each argument of each
// block, and refers to the block.
func TestNoValueOfAnArgumentIsACrash(t *testing.T) {
	t.Parallel()
	odd := []string{`null`, `""`, `{}`, `[]`, `[null]`, `-1`, `1.5`, `var.none`, `actor.some.some`, `"%{if true}"`, `["a", *]`}
	eachArgument(Describe().Module, func(body string) string { return body }, func(around func(argument string) string, name string) {
		for _, value := range odd {
			source := around(name + " = " + value)
			if block, _, _ := strings.Cut(strings.TrimSpace(source), " "); references[block] != "" {
				source += fmt.Sprintf("output \"refers\" { value = %s }\n", references[block])
			}
			mustNotCrash(t, source)
		}
	})
}

// TestAnArgumentMayWaitForAVariable validates each argument with a variable that has no value yet, as continuous integration does.
func TestAnArgumentMayWaitForAVariable(t *testing.T) {
	t.Parallel()
	written := regexp.MustCompile("Constant value needed|Invalid address|Invalid dependency|Invalid type specification|Missing required argument")
	eachArgument(Describe().Module, func(body string) string { return body }, func(around func(argument string) string, name string) {
		source := around(name+" = var.missing") + "variable \"missing\" {}\n"
		for _, d := range mustNotCrash(t, source).Diagnostics {
			if !written.MatchString(d) {
				t.Errorf("%s, for\n%s", d, source)
			}
		}
	})
}

func mustNotCrash(t *testing.T, source string) said {
	t.Helper()
	defer func() {
		if fault := recover(); fault != nil {
			t.Errorf("%v, for\n%s", fault, source)
		}
	}()
	return evaluateAny(t, map[string][]byte{"main.rivet.hcl": []byte(source), "m/main.rivet.hcl": {}})
}

// references are how expressions refer to blocks whose labels are "some".
var references = map[string]string{"actor": "actor.some.some", "data": "data.some.some", "module": "module.some.x", "variable": "var.some"}

// needed are good values of the arguments that a block cannot be without.
var needed = map[string]string{
	"condition": `true`, "error_message": `"No."`, "from": `"some"`, "key": `"k"`, "max_runners": `1`, "path": `"/"`, "request_lifespan": `1`,
	"slots_per_runner": `1`, "source": `"./m"`, "to": `actor.some.some`, "url": `"http://localhost"`, "value": `1`, "want": `1`,
}

// eachArgument calls try for each argument of a block and of the blocks within, with what writes the configuration around it. around does so for the body of the block.
func eachArgument(b *BlockSchema, around func(body string) string, try func(around func(argument string) string, name string)) {
	for _, name := range slices.Sorted(maps.Keys(b.Attributes)) {
		try(func(argument string) string { return around(required(b, name) + argument + "\n") }, name)
	}
	for _, name := range slices.Sorted(maps.Keys(b.Blocks)) {
		nested := b.Blocks[name]
		inside := func(labels string) func(string) string {
			return func(body string) string {
				return around(fmt.Sprintf("%s%s%s {\n%s}\n", required(b, ""), name, labels, body))
			}
		}
		if len(nested.ByLabel) == 0 {
			eachArgument(nested.Block, inside(strings.Repeat(` "some"`, len(nested.Labels))), try)
		}
		for label, inner := range nested.ByLabel {
			eachArgument(inner, inside(fmt.Sprintf(" %q", label)), try)
		}
	}
}

// required writes the arguments that a block cannot be without, but for one.
func required(b *BlockSchema, but string) string {
	var source strings.Builder
	for name, a := range b.Attributes {
		if a.Required && name != but {
			fmt.Fprintf(&source, "%s = %s\n", name, needed[name])
		}
	}
	return source.String()
}
