package redact_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"riveter/internal/redact"
)

func TestWriterHidesSecrets(t *testing.T) {
	t.Parallel()
	const secret = "pa\"ss/word one\nsecond line"
	cases := []struct{ name, text, want string }{
		{"as it is", "x pa\"ss/word one\nsecond line y\n", "x (sensitive)\n(sensitive) y\n"},
		{"in JSON", `{"a":"pa\"ss/word one\nsecond line"}` + "\n", `{"a":"(sensitive)"}` + "\n"},
		{"in a path", "/pa%22ss%2Fword%20one%0Asecond%20line/\n", "/(sensitive)/\n"},
		{"line by line", "| second line |\n", "| (sensitive) |\n"},
		{"something else", "second lines are fine? second\n", "(sensitive)s are fine? second\n"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var set redact.Set
			set.Add(secret, "abc", "")
			var out bytes.Buffer
			w := redact.NewWriter(&out, &set, nil)
			for _, b := range []byte(c.text) { // one byte at a time: a secret may come in parts
				if _, err := w.Write([]byte{b}); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.Flush(); err != nil || out.String() != c.want {
				t.Errorf("got %q, want %q; error %v", out.String(), c.want, err)
			}
		})
	}
}

func TestWriterPassesOnWhatIsNoSecret(t *testing.T) {
	t.Parallel()
	var set redact.Set
	set.Add("abc") // too short to be hidden
	var out bytes.Buffer
	w := redact.NewWriter(&out, &set, nil)
	for _, part := range []string{"first abc\nsec", "ond"} {
		if n, err := w.Write([]byte(part)); n != len(part) || err != nil {
			t.Fatalf("wrote %d of %q: %v", n, part, err)
		}
	}
	if out.String() != "first abc\n" {
		t.Errorf("before the end of the line: %q", out.String())
	}
	if err := w.Flush(); err != nil || out.String() != "first abc\nsecond" {
		t.Errorf("after Flush: %q, %v", out.String(), err)
	}
}

// full is a disk with no room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestFlushReportsWhatAWritingFailedWith(t *testing.T) {
	told := 0
	w := redact.NewWriter(full{}, &redact.Set{}, func(error) { told++ })
	for range 3 {
		fmt.Fprintln(w, "a line")
	}
	if told != 1 {
		t.Errorf("told %d times", told)
	}
	if err := w.Flush(); err == nil || err.Error() != "no space left" {
		t.Errorf("got %v", err)
	}
}

func TestASecretThatIsLearntLaterIsHidden(t *testing.T) {
	t.Parallel()
	var set redact.Set
	set.Add("first-secret")
	if got := set.Redact("first-secret second-secret"); got != "(sensitive) second-secret" {
		t.Fatal(got)
	}
	set.Add("second-secret")
	if got := set.Redact("first-secret second-secret"); got != "(sensitive) (sensitive)" {
		t.Error(got)
	}
}

func TestTheLongestSecretThatFitsIsHidden(t *testing.T) {
	t.Parallel()
	for _, order := range [][]string{{"pass", "password", "password-of-ada"}, {"password-of-ada", "password", "pass"}} {
		var set redact.Set
		set.Add(order...)
		if got := set.Redact("password-of-ada, password, pass"); got != "(sensitive), (sensitive), (sensitive)" {
			t.Errorf("added as %v: %q", order, got)
		}
	}
}

func TestEverySpellingIsHidden(t *testing.T) {
	t.Parallel()
	var set redact.Set
	set.Add(`a b&c/d"e`)
	for _, text := range []string{`a b&c/d"e`, `a b&c/d\"e`, `a+b%26c%2Fd%22e`, `a%20b&c%2Fd%22e`} {
		if got := set.Redact("<" + text + ">"); got != "<(sensitive)>" {
			t.Errorf("%q is %q", text, got)
		}
	}
}
