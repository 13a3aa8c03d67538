package value

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"pgregory.net/rapid"
)

func TestDigest(t *testing.T) {
	digest := func(key string, parts ...cty.Value) string {
		d, err := Digest([]byte(key), parts...)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	a, b := cty.StringVal("a"), cty.StringVal("b")
	base := digest("key", a, b)
	if base != digest("key", a.Mark(Sensitive), b) {
		t.Error("a mark changes the digest")
	}
	for name, other := range map[string]string{
		"another key":       digest("other", a, b),
		"another value":     digest("key", a, a),
		"one value less":    digest("key", a),
		"joined values":     digest("key", cty.StringVal("a\"\n\"b")),
		"one list of both":  digest("key", cty.TupleVal([]cty.Value{a, b})),
		"the other way":     digest("key", b, a),
		"an empty one more": digest("key", a, b, cty.StringVal("")),
	} {
		if base == other {
			t.Errorf("%s has the same digest", name)
		}
	}
}

func TestRememberKeepsNoSecret(t *testing.T) {
	for _, expression := range []string{`secret`, `{ a = [secret], b = 1 }`} {
		m, err := Remember(digestKey, parse(t, expression))
		if err != nil {
			t.Fatal(err)
		}
		if m.Value != nil || m.Digest == "" || strings.Contains(m.Digest, "hunter2") {
			t.Errorf("%s: got %+v", expression, m)
		}
	}
}

func TestRememberTellsAbsentFromNull(t *testing.T) {
	absent, null := memo(t, cty.NilVal), memo(t, cty.NullVal(cty.DynamicPseudoType))
	if absent.Equal(null) || !absent.Equal(memo(t, cty.NilVal)) || !absent.Known() || (Memo{}).Known() {
		t.Errorf("got %+v and %+v", absent, null)
	}
}

func TestSecrets(t *testing.T) {
	tests := []struct {
		expression string
		want       []string
	}{
		{`"open"`, nil},
		{`secret`, []string{"hunter2"}},
		{`{ a = [secret, "open"], b = { c = secret } }`, []string{"hunter2", "hunter2"}},
		{`"${secret}!"`, []string{"hunter2!"}},
		{`[unknown, null, secret]`, []string{"hunter2"}},
	}
	for _, tt := range tests {
		t.Run(tt.expression, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, Secrets(parse(t, tt.expression))); diff != "" {
				t.Error(diff)
			}
		})
	}
	all := parse(t, `{ a = "x", b = ["y", 1, null] }`).Mark(Sensitive)
	if diff := cmp.Diff([]string{"x", "y", "1"}, Secrets(all)); diff != "" {
		t.Errorf("of a value that is sensitive in whole:\n%s", diff)
	}
	special := cty.TupleVal([]cty.Value{
		BigInt(big.NewInt(86753090)), Bytes([]byte("raw")), Date(time.UnixMilli(1e12)), Undefined, cty.True, cty.EmptyTupleVal,
	}).Mark(Sensitive)
	if diff := cmp.Diff([]string{"86753090", "raw", "2001-09-09T01:46:40Z", "2001-09-09T01:46:40.000Z", "1000000000000"}, Secrets(special)); diff != "" {
		t.Errorf("of values that HCL lacks:\n%s", diff)
	}
}

// What is remembered, compared and shown of a value is the same whether that is marked or not, and by whichever way it is asked.
func TestAMemoIsOfOneValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v, other := genImperfect().Draw(t, "value"), genImperfect().Draw(t, "other")
		plain, _ := v.UnmarkDeep()
		encoding, err := Encode(v)
		if want, wrong := Encode(plain); !bytes.Equal(encoding, want) || (err == nil) != (wrong == nil) {
			t.Fatalf("%#v is %s and %v, and unmarked %s and %v", v, encoding, err, want, wrong)
		}
		m, err := Remember(digestKey, v)
		if err != nil {
			return
		}
		for _, now := range []cty.Value{v, plain, other, cty.NilVal} {
			again, wrong := Remember(digestKey, now)
			sure := m.Known() && again.Known()
			if is, err := m.Is(digestKey, now); (err == nil) != (wrong == nil) || err == nil && sure && is != again.Equal(m) {
				t.Fatalf("%#v is %#v: %t, %v; remembered are %+v and %+v, %v", v, now, is, err, m, again, wrong)
			}
			decoded, _ := m.Decoded()
			if decoded != cty.NilVal && HasSensitive(now) {
				decoded = decoded.Mark(Sensitive)
			}
			if before := m.Before(now); before != cty.NilVal && !before.RawEquals(decoded) {
				t.Fatalf("%#v is shown as %#v beside %#v", v, before, now)
			}
		}
	})
}

// TestDigestIsAMACWhateverWasDigestedBefore takes keys in turn, and side by side.
func TestDigestIsAMACWhateverWasDigestedBefore(t *testing.T) {
	for range 4 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			for i := range 200 {
				key := []byte{byte(i % 3)}
				want := hmac.New(sha256.New, key)
				fmt.Fprintf(want, "\"a\"\n%d\n", i)
				got, err := Digest(key, cty.StringVal("a"), cty.NumberIntVal(int64(i)))
				if err != nil || got != hex.EncodeToString(want.Sum(nil)) {
					t.Fatalf("%d: %s, %v", i, got, err)
				}
			}
		})
	}
}

func TestAMemoOfAPartHasTheDigestOfAll(t *testing.T) {
	a, b := cty.StringVal("a").Mark(Sensitive), cty.StringVal("b")
	digest, err := Digest(digestKey, a, b)
	if err != nil {
		t.Fatal(err)
	}
	for which, want := range []string{"", `"b"`} {
		if m, err := RememberPart(digestKey, which, a, b); err != nil || m.Digest != digest || string(m.Value) != want {
			t.Errorf("of part %d: %+v, %v", which, m, err)
		}
	}
}

func TestDigitsAreThoseOfTheConversion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := new(big.Float).SetPrec(512)
		if _, _, err := n.Parse(rapid.StringMatching(`-?[0-9]{1,25}(\.[05])?(e-?[0-9])?`).Draw(t, "number"), 10); err != nil {
			t.Fatal(err)
		}
		for _, v := range []cty.Value{cty.NumberVal(n), genImperfect().Draw(t, "value")} {
			got, wrong := convert.Convert(WithDigits(v), cty.String)
			if want, err := convert.Convert(v, cty.String); (err == nil) != (wrong == nil) || err == nil && !got.RawEquals(want) {
				t.Fatalf("%#v is %#v, and not %#v", v, got, want)
			}
		}
	})
}

func TestWhatIsWrittenQuicklyIsJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[ -~]*`), rapid.StringOf(rapid.RuneFrom([]rune("a\"\\\x7f<\u2028é\x00")))).Draw(t, "text")
		var quick, slow bytes.Buffer
		if err := errors.Join(encodeText(&quick, text), encodeJSON(&slow, text)); err != nil || quick.String() != slow.String() {
			t.Fatalf("%s, and not %s: %v", &quick, &slow, err)
		}
		n := new(big.Float).SetPrec(512)
		if _, _, err := n.Parse(rapid.StringMatching(`-?[0-9]{1,25}(\.[05])?(e1?[0-9])?`).Draw(t, "number"), 10); err != nil {
			t.Fatal(err)
		}
		if want := n.Text('f', 0); n.IsInt() && n.Sign() != 0 && NumberText(n) != want {
			t.Fatalf("%s, and not %s", NumberText(n), want)
		}
	})
}
