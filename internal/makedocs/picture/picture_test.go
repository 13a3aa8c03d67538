package picture

import (
	"encoding/xml"
	"strings"
	"testing"
)

func TestAPictureHasTheTextInItsPlaces(t *testing.T) {
	t.Parallel()
	drawn := string(Draw([]string{"\x1b[1m$ riveter\x1b[0m plan", "", "  \x1b[32m+\x1b[0m a < \"b\""}, "A plan & more"))
	if err := xml.Unmarshal([]byte(drawn), new(struct{})); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`<title>A plan &amp; more</title>`,
		`<text x="16" y="29" textLength="72" class="bold">$ riveter</text>`,
		`<text x="96" y="29" textLength="32">plan</text>`, // after a space that is not drawn
		`<text x="32" y="65" textLength="8" class="green">+</text>`,
		`a &lt; &#34;b&#34;</text>`,
		`width="144"`,
	} {
		if !strings.Contains(drawn, want) {
			t.Errorf("%s is not in\n%s", want, drawn)
		}
	}
}
