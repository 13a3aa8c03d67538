package syntax

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	hcl2 "github.com/hashicorp/hcl/v2"
)

// explainContent rewords what the library says of a body that does not follow the schema, so that it says what there is
// instead, and what belongs where. An argument that is misspelt is not also missing.
func (s *Schema) explainContent(diags hcl2.Diagnostics) hcl2.Diagnostics {
	diags = withoutContents(diags)
	misspelt := map[string]bool{}
	for _, d := range diags {
		name := FirstQuoted(d.Detail)
		switch summary, block, _ := strings.Cut(d.Summary, " for "); summary {
		case "Unsupported argument", "Unsupported block type", "Extraneous JSON object property":
			misspelt[Nearest(name, s.argumentNames())] = true
			misspelt[name] = true // as a block, which should be an argument
			d.Detail = s.explainUnsupported(d.Summary, name)
		case "Missing name", "Missing label", "Extraneous label":
			d.Summary = "Wrong number of labels"
			nested := s.Block(block)
			if block == dynamicSchema.Name {
				nested = dynamicSchema
			}
			d.Detail = fmt.Sprintf("A block of this type is written %s.", nested.usage())
		}
	}
	return slices.DeleteFunc(diags, func(d *hcl2.Diagnostic) bool {
		if d.Summary != "Missing required argument" {
			return false
		}
		name := FirstQuoted(d.Detail)
		d.Detail = s.explainMissing(name)
		return misspelt[name]
	})
}

var quoted = regexp.MustCompile(`"([^"]*)"`)

// FirstQuoted returns the first text in quotes of a message, or nothing.
func FirstQuoted(text string) string {
	if found := quoted.FindStringSubmatch(text); found != nil {
		return found[1]
	}
	return ""
}

func (s *Schema) explainUnsupported(summary, name string) string {
	what, known := "argument", s.argumentNames()
	switch summary {
	case "Unsupported block type":
		what, known = "block", s.blockNames()
	case "Extraneous JSON object property":
		what, known = "property", append(known, s.blockNames()...)
	}
	switch {
	case what == "argument" && slices.Contains(s.blockNames(), name):
		return fmt.Sprintf("%q is a block. It is written without an equals sign: %s.", name, s.Block(name).usage())
	case what == "block" && slices.Contains(s.argumentNames(), name):
		return fmt.Sprintf("%q is an argument. It is written with an equals sign: %s = ...", name, name)
	}
	detail := fmt.Sprintf("There is no %s %q here.", what, name)
	if instead := s.Foreign[name]; instead != "" {
		return detail + " " + instead
	}
	if suggestion := DidYouMean(name, known); suggestion != "" {
		return detail + suggestion
	}
	if home := s.homeOf(what, name); home != "" {
		return detail + fmt.Sprintf(" It belongs in %s.", home)
	}
	if len(known) > 0 {
		return detail + fmt.Sprintf(" There may be %s.", strings.Join(known, ", "))
	}
	return detail
}

func (s *Schema) argumentNames() []string {
	var known []string
	for _, a := range s.Attributes {
		known = append(known, a.Name)
	}
	return known
}

func (s *Schema) blockNames() []string {
	var known []string
	for _, b := range s.Blocks {
		known = append(known, b.Name)
	}
	return known
}

// homeOf spells the first nested block that an argument or block belongs in, or nothing.
func (s *Schema) homeOf(what, name string) string {
	for _, b := range s.Blocks {
		known := b.Schema.argumentNames()
		if what == "block" {
			known = b.Schema.blockNames()
		}
		if slices.Contains(known, name) {
			return b.usage()
		}
	}
	return ""
}

// usage shows how a block is written.
func (b Nested) usage() string {
	var text strings.Builder
	text.WriteString(b.Name)
	for _, label := range b.Labels {
		fmt.Fprintf(&text, " %q", strings.ToUpper(label))
	}
	return text.String() + " { ... }"
}

func (s *Schema) explainMissing(name string) string {
	detail := fmt.Sprintf("The argument %q is required here", name)
	for _, a := range s.Attributes {
		if a.Name == name {
			return detail + ": " + lowerFirst(a.Doc)
		}
	}
	return detail + "."
}

// lowerFirst makes a sentence one that follows a colon. A word in capitals stays as it is.
func lowerFirst(sentence string) string {
	first, size := utf8.DecodeRuneInString(sentence)
	if second, _ := utf8.DecodeRuneInString(sentence[size:]); unicode.IsUpper(second) {
		return sentence
	}
	return string(unicode.ToLower(first)) + sentence[size:]
}
