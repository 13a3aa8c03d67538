package redact_test

import (
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"riveter/internal/redact"
)

const mask = "(sensitive)"

// secrets are texts in which the encodings find something to do.
var secrets = rapid.StringMatching(`[A-Za-z0-9 +%!'()*~/?:@"<{|^é€-]{5,16}`).Filter(func(s string) bool {
	decoded, err := url.PathUnescape(s) // which must not be too short
	return strings.TrimSpace(s) == s && (err != nil || len(decoded) >= 4)
})

// percentEncoded writes each byte as it is or escaped, in either case; a space perhaps as a plus.
func percentEncoded(t *rapid.T, text string) string {
	var b strings.Builder
	plus, percent := rapid.Bool().Draw(t, "plus"), rapid.Bool().Draw(t, "percent")
	escape := rapid.SliceOfN(rapid.IntRange(0, 2), len(text), len(text)).Draw(t, "escapes")
	for i, c := range []byte(text) {
		switch {
		case c == ' ' && plus:
			b.WriteByte('+')
		case c == '%' && percent: // by languages; parsers of URLs leave it alone
			b.WriteString("%25")
		case c == '%', c == '+' && !plus, escape[i] == 0 && c != '+':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, []string{"%%%02X", "%%%02x"}[i%2], c)
		}
	}
	return b.String()
}

func TestAnyPercentEncodingIsHidden(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var set redact.Set
		secret := secrets.Draw(t, "secret")
		set.Add(secret)
		encoded := percentEncoded(t, secret)
		texts := []string{encoded, url.PathEscape(encoded), url.QueryEscape(strings.ReplaceAll(encoded, " ", "%20"))}
		if !strings.ContainsAny(secret, "%+") {
			inJSON, _ := json.Marshal(secret)
			texts = append(texts, percentEncoded(t, string(inJSON[1:len(inJSON)-1])))
		}
		for _, text := range texts {
			if got := set.Redact("<" + text + ">"); got != "<"+mask+">" {
				t.Fatalf("%q is %q", text, got)
			}
		}
	})
}

func TestSecretsInURLsAreHidden(t *testing.T) {
	t.Parallel()
	for secret, spellings := range map[string][]string{
		"P@ss!word(1)*x/yz":     {"P%40ss!word(1)*x%2Fyz", "P@ss!word(1)*x/yz", "P%40ss!word(1)*x/yz", "P%40ss%21word%281%29*x%2fyz"},
		"tilde~secret value*9":  {"tilde%7Esecret+value*9", "tilde~secret%20value*9", "tilde~secret+value*9"},
		`sp ace"quo{br}|pipe^x`: {"sp%20ace%22quo{br}|pipe^x", "sp+ace%22quo%7Bbr%7D%7Cpipe%5Ex"},
		"100%define it":         {"100%define%20it", "100%25define%20it", "100%25define+it", "100%2525define%2520it"},
		"one+two three":         {"one%2Btwo+three", "one+two%20three", "one%2Btwo%20three", "one+two+three"},
	} {
		var set redact.Set
		set.Add(secret)
		for _, text := range spellings {
			if got := set.Redact("?x=" + text + "&y=%zz%4"); got != "?x="+mask+"&y=%zz%4" || !set.Holds(text) {
				t.Errorf("%q is %q", text, got)
			}
		}
	}
}

// What is no escape, or stands for no secret, stays as it is.
func TestOtherEscapesStay(t *testing.T) {
	t.Parallel()
	var set redact.Set
	set.Add("open sesame", "%74rue", "pass+word 100%")
	for _, text := range []string{"open%20sesam", "true", "100%", "%", "%2", "%zz", "pass word 100%25"} {
		if got := set.Redact(text); got != text {
			t.Errorf("%q is %q", text, got)
		}
	}
}

func TestTheBeginningOfASecretIsHiddenWhereATextWasCut(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var set redact.Set
		secret := secrets.Draw(t, "secret")
		set.Add(secret)
		inJSON, _ := json.Marshal(secret)
		spelling := rapid.SampledFrom([]string{
			secret, string(inJSON[1 : len(inJSON)-1]), html.EscapeString(secret), url.QueryEscape(secret), fmt.Sprintf("%x", secret), strings.ReplaceAll(secret, " ", "+"),
		}).Draw(t, "spelling")
		end := rapid.IntRange(4, len(spelling)).Draw(t, "end")
		mark := rapid.SampledFrom([]string{"…", `"…`, `\"…`}).Draw(t, "mark")
		text := "failed with ." + strings.ToValidUTF8(spelling[:end], "") + mark + " (ray 1)…"
		got, ok := strings.CutPrefix(set.Redact(text), "failed with .")
		if left := strings.TrimRight(spelling[:end], `"\`); !ok || !strings.HasPrefix(got, mask) && !strings.Contains(left, "%") && utf8Length(left) >= 4 {
			t.Fatalf("%q is %q", text, got)
		}
		if rest := strings.TrimPrefix(got, mask); strings.HasPrefix(got, mask) && len(rest) > len(`%E2\"… (ray 1)…`) {
			t.Fatalf("%q is %q", text, got)
		}
	})
}

func utf8Length(text string) int { return len(strings.ToValidUTF8(text, "")) }

func TestWhatIsCutIsHiddenOnlyWhereASecretBegins(t *testing.T) {
	t.Parallel()
	var set redact.Set
	set.Add("TruncatedSecretValue1234567890", "https://ada.test/with-token")
	set.Publish("https://ada.test")
	for text, want := range map[string]string{
		`failed with ...TruncatedSecretVal… (ray 1)`: `failed with ...(sensitive)… (ray 1)`,
		`is "..TruncatedSecretVal"…`:                 `is "..(sensitive)"…`,
		`Trun…, Tru…, Truncated, Trunk…`:             `(sensitive)…, Tru…, Truncated, Trunk…`,
		`https://ada.test…, https…`:                  `https://ada.test…, https…`,
		`https://ada.test/w…`:                        `(sensitive)…`,
		`"TruncatedSe"... is not valid JSON`:         `"(sensitive)"... is not valid JSON`,
		`'TruncatedSe'... 31 more characters`:        `'(sensitive)'... 31 more characters`,
		`Truncated... and Tru..., Trunk...`:          `(sensitive)... and Tru..., Trunk...`,
	} {
		if got := set.Redact(text); got != want || set.Holds(text) {
			t.Errorf("%q is %q", text, got)
		}
	}
}

type span struct{ start, end int }

func occurrences(text string, all []string) (spans []span) {
	for i := range text {
		for _, s := range all {
			if strings.HasPrefix(text[i:], s) {
				spans = append(spans, span{i, i + len(s)})
			}
		}
	}
	return spans
}

// What any secret covers is hidden, but for those within something public that no secret reaches into.
func TestWhatOverlapsIsHidden(t *testing.T) {
	t.Parallel()
	few := rapid.SliceOfN(rapid.StringMatching(`[ab]{4,7}`), 0, 3)
	rapid.Check(t, func(t *rapid.T) {
		var set redact.Set
		secrets, public := few.Draw(t, "secrets"), few.Draw(t, "public")
		set.Add(secrets...)
		set.Publish(public...)
		text := rapid.StringMatching(`[ab]{0,16}(c[ab]{0,8})?`).Draw(t, "text")
		found := occurrences(text, secrets)
		shields := slices.DeleteFunc(occurrences(text, public), func(p span) bool {
			return slices.ContainsFunc(found, func(s span) bool {
				return s.start < p.end && p.start < s.end && (s.start < p.start || p.end < s.end)
			})
		})
		shown := []byte(text)
		for _, s := range found {
			if !slices.ContainsFunc(shields, func(p span) bool { return p.start <= s.start && s.end <= p.end }) {
				for i := s.start; i < s.end; i++ {
					shown[i] = '#'
				}
			}
		}
		got := set.Redact(text)
		hash := strings.NewReplacer(mask, "#")
		if squeezed(hash.Replace(got)) != squeezed(string(shown)) && !sameStart(public) {
			t.Fatalf("%q without %q but for %q is %q, not %s", text, secrets, public, got, shown)
		}
	})
}

// sameStart tells of public texts of which one is the beginning of another: only the longest counts.
func sameStart(public []string) bool {
	for i, a := range public {
		for j, b := range public {
			if i != j && strings.HasPrefix(a, b) {
				return true
			}
		}
	}
	return false
}

func squeezed(text string) string {
	for strings.Contains(text, "##") {
		text = strings.ReplaceAll(text, "##", "#")
	}
	return text
}

func TestASecretThatRepeatsItselfIsFoundQuickly(t *testing.T) {
	t.Parallel()
	var set redact.Set
	set.Add(strings.Repeat("ab", 20_000))
	if got := set.Redact(strings.Repeat("ab", 400_000) + "a"); got != mask+"a" {
		t.Errorf("got %d bytes", len(got))
	}
}

func FuzzRedact(f *testing.F) {
	f.Add("P@ss!word(1)", "public", "a P%40ss!word(1)… %4 %zz")
	f.Add("me-secret", "before me", "before me-secret…")
	f.Fuzz(func(t *testing.T, secret, public, text string) {
		var set redact.Set
		set.Add(secret)
		set.Publish(public)
		set.Redact(text)
		if escaped := url.QueryEscape(secret); len(secret) >= 4 && secret != public && !strings.Contains(public, secret) && set.Holds(secret) && !set.Holds("<"+escaped+">") {
			t.Errorf("%q is shown as %q", secret, escaped)
		}
	})
}
