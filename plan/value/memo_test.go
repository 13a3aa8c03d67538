package value

import (
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"
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
