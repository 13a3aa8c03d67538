package redact_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"

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

func TestWhatIsHiddenIsNotHiddenAgain(t *testing.T) {
	t.Parallel()
	var set redact.Set
	set.Add("sensitive")
	once := set.Redact("sensitive, (sensitive)")
	if once != "(sensitive), (sensitive)" || set.Redact(once) != once || set.Holds(once) {
		t.Errorf("got %q, then %q", once, set.Redact(once))
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
	const secret = "a b&c/d\"e<é"
	var set redact.Set
	set.Add(secret)
	inJSON, _ := json.Marshal(secret)
	twice, _ := json.Marshal(string(inJSON))
	for name, text := range map[string]string{
		"as it is":                     secret,
		"JSON":                         string(inJSON),
		"JSON in JSON":                 string(twice),
		"JSON in ASCII":                `a b&c/d\"e<\u00e9`,
		"JSON of PHP":                  `a b&c\/d\"e<\u00e9`,
		"HTML":                         "a b&amp;c/d&#34;e&lt;é",
		"HTML with names":              "a b&amp;c/d&quot;e&lt;é",
		"a form":                       url.QueryEscape(secret),
		"a path":                       url.PathEscape(secret),
		"a path in lower case":         strings.ToLower(url.PathEscape(secret)),
		"hex":                          hex.EncodeToString([]byte(secret)),
		"upper hex":                    strings.ToUpper(hex.EncodeToString([]byte(secret))),
		"base64":                       base64.StdEncoding.EncodeToString([]byte(secret)),
		"base64 for URLs":              base64.RawURLEncoding.EncodeToString([]byte(secret)),
		"base64 with one byte before":  base64.StdEncoding.EncodeToString([]byte("x" + secret + "yz")),
		"base64 with two bytes before": base64.URLEncoding.EncodeToString([]byte("xy" + secret + "z")),
		"base64 of a user's":           base64.StdEncoding.EncodeToString([]byte("user:" + secret)),
	} {
		got := set.Redact("<" + text + ">")
		if !strings.Contains(got, "(sensitive)") || len(got) > len("<\"\\\"(sensitive)\\\"\">")+8 {
			t.Errorf("%s: %q is %q", name, text, got)
		}
	}
}

// What could act on a terminal is replaced in some texts before secrets are looked for.
func TestASecretIsHiddenWhereATerminalIsSparedIt(t *testing.T) {
	t.Parallel()
	for secret, spellings := range map[string][]string{
		"left\tright\r\n  tabbed":        {"left right    tabbed", "left right tabbed", "left\tright  tabbed", `left\tright\r\n  tabbed`},
		"Emoji\u200dSecret\u00adé":       {"Emoji\uFFFDSecret\uFFFDé", `Emoji\u200dSecret\u00adé`, "Emoji%E2%80%8DSecret%C2%AD%C3%A9"},
		"\uFEFFBomSecret123456":          {"\uFFFDBomSecret123456", `\ufeffBomSecret123456`},
		"bell\arung \"${x}\"":            {"bell\uFFFDrung \"${x}\"", "bellrung \"${x}\"", `bell\u0007rung \"${x}\"`, `bell\arung \"$${x}\"`, `bell\arung \"${x}\"`},
		"-----BEGIN-----\nMIIB\n--END--": {"-----BEGIN----- MIIB --END--"},
	} {
		var set redact.Set
		set.Add(secret)
		for _, text := range spellings {
			if got := set.Redact("<" + text + ">"); got != "<(sensitive)>" {
				t.Errorf("%q of %q is %q", text, secret, got)
			}
		}
	}
}

func TestEverySpellingOfANumberIsHidden(t *testing.T) {
	t.Parallel()
	for secret, spellings := range map[string][]string{
		"86753090": {
			"86753090", "86753090.0", "86753090.000", "8.675309e+07", "8.675309e7", "8.675309E7", "8.675309E+07", "8.6753090e7", "8675309e1", "867530900e-1", "0.86753090e8",
			"86,753,090", "86.753.090", "86_753_090", "86 753 090", "86\u00a0753\u00a0090", "86’753’090", "0x52bbf42", "0x52BBF42", "086753090",
		},
		"0.5125":               {"0.5125", "5.125e-01", "5.125e-1", ".5125", "0.51250", "0,5125", "5125e-4"},
		"-1234.5":              {"-1234.5", "-1234.50", "-1.2345e3", "-1,234.5", "-1.234,5", "-1 234,5"},
		"3.141592653589793238": {"3.141592653589793", "3.141592653589793238", "31.41592653589793e-1"}, // which is not more in JavaScript
		"9007199254740993":     {"9007199254740992", "9.007199254740992e15", "9007199254740993"},
		"1000":                 {"1000.00", "1.0e3", "1,000"},
	} {
		var set redact.Set
		set.Add(secret)
		for _, text := range spellings {
			if got := strings.Replace(set.Redact("<"+text+">"), "<-(", "<(", 1); got != "<(sensitive)>" {
				t.Errorf("%q of %s is %q", text, secret, got)
			}
		}
	}
}

func TestAnotherNumberIsNoSecret(t *testing.T) {
	t.Parallel()
	var set redact.Set
	set.Add("86753090", "0.5125", "infinity", "nan-as-text", "NaN")
	for _, text := range []string{"86753091", "8.675309", "8.675309e8", "1.5125e1", "1e99999", "10.05125", "5125", "Inf", "+Inf", "1.0.5126", "v0.512.5", "675309"} {
		if set.Holds(text) {
			t.Errorf("%q is %q", text, set.Redact(text))
		}
	}
}

// TestJSONStaysWhatItIs hides a secret in values, whatever it looks like.
func TestJSONStaysWhatItIs(t *testing.T) {
	t.Parallel()
	part := func(path []string) redact.Part {
		if p, ok := map[string]redact.Part{"address": redact.Own, "value": redact.Value}[path[len(path)-1]]; ok {
			return p
		}
		return redact.Structure
	}
	for _, c := range []struct{ secret, in, want string }{
		{"note", `{"note":"a note","address":"actor.note.n"}`, `{"note":"a (sensitive)","address":"actor.note.n"}`},
		{"true", `{"done":true,"value":"true"}`, `{"done":true,"value":"true"}`},
		{"12345", `{"n":12345,"m":[123456,"12345"],"address":12345}`, `{"n":"(sensitive)","m":["(sensitive)6","(sensitive)"],"address":12345}`},
		{"null", `[null]`, `[null]`},
		{`say "x"`, `{"text":"they say \"x\"","nested":"{\"a\":\"say \\\"x\\\"\"}"}`, `{"text":"they (sensitive)","nested":"{\"a\":\"(sensitive)\"}"}`},
		{"sesame", `{"sesame":1,"value":{"sesame":2,"a sesame":3},"address":{"sesame":4}}`, `{"sesame":1,"value":{"(sensitive)":2,"a (sensitive)":3},"address":{"sesame":4}}`},
		{"sesame", `{"value":[{"sesame":{"sesame":1},"\u0073esame":2}]}`, `{"value":[{"(sensitive)":{"(sensitive)":1},"(sensitive) 2":2}]}`},
		{"sesame", `{"value":"open \u0073esame"}`, `{"value":"open (sensitive)"}`},
		{"gone", `{"address":{"gone":["gone",{"deep":"gone"}]},"e":[],"o":{}}`, `{"address":{"gone":["gone",{"deep":"gone"}]},"e":[],"o":{}}`},
	} {
		var set redact.Set
		set.Add(c.secret)
		got, err := set.JSON([]byte(c.in), part)
		if err != nil || string(got) != c.want {
			t.Errorf("%s\n got %s, %v\nwant %s", c.in, got, err, c.want)
		}
	}
	for _, broken := range []string{"", "{", `{"a":`, `["a"`} {
		if _, err := new(redact.Set).JSON([]byte(broken), nil); err == nil {
			t.Errorf("%q is JSON", broken)
		}
	}
}

// What has nothing to hide is copied, without a look at each of its texts; behind a letter that is escaped, each is looked at.
func TestJSONIsTheSameHoweverItIsRead(t *testing.T) {
	t.Parallel()
	texts := rapid.OneOf(rapid.StringMatching(`(sesame|open|12345|-1|\(sensitive\)|[",: a-z0-9.\\-]){0,4}`), rapid.String())
	rapid.Check(t, func(t *rapid.T) {
		var set redact.Set
		set.Add(rapid.SliceOfN(rapid.SampledFrom([]string{"sesame", "open:", "12345", "1.25", `,"open`, "(sensitive)", "true,", `"sesame`, `n\\open`, `\"12`}), 0, 3).Draw(t, "secrets")...)
		value := map[string]any{texts.Draw(t, "name"): []any{texts.Draw(t, "text"), rapid.SampledFrom([]json.Number{"12345", "-1.2345e4", "123450", "0.125e1", "1"}).Draw(t, "number"), true, nil}}
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(value); err != nil {
			t.Fatal(err)
		}
		got, err := set.JSON(b.Bytes(), nil)
		want, wrong := set.JSON([]byte("["+b.String()+`,"\u0061"]`), nil)
		if err != nil || wrong != nil || "["+string(got)+`,"a"]` != string(want) {
			t.Fatalf("%s: got %s, %v, want %s, %v", &b, got, err, want, wrong)
		}
	})
}

func TestWhatIsTooCommonIsNoSecret(t *testing.T) {
	t.Parallel()
	var set redact.Set
	set.Add("true", "false", "null", "abc", "")
	if text := "true, false, null, abc"; set.Holds(text) {
		t.Errorf("got %s", set.Redact(text))
	}
}

func TestWhatIsPublicIsShown(t *testing.T) {
	t.Parallel()
	var s redact.Set
	s.Add("adalovelace", "hunter22xx", "rootpass", "12345678")
	s.Publish("adalovelace", "root", "pw is hunter22xx", "12345678", "ada")
	s.Add("adalovelace")
	for text, want := range map[string]string{
		"adalovelace":          "adalovelace",
		"YWRhbG92ZWxhY2U=":     "YWRhbG92ZWxhY2U=",
		"hunter22xx":           "(sensitive)",
		"rootpass, and root":   "(sensitive)" + ", and root",
		"the pw is hunter22xx": "the pw is hunter22xx",
		"12345678":             "12345678",
	} {
		if got := s.Redact(text); got != want {
			t.Errorf("%q becomes %q, not %q", text, got, want)
		}
	}
}

func TestWhatIsHiddenIsNoSecret(t *testing.T) {
	t.Parallel()
	var s redact.Set
	s.Hide("the lobby", "1234.5", "abc")
	s.Add("lobby")
	for text, want := range map[string]struct {
		printed string
		holds   bool
	}{
		"in the lobby": {"in (sensitive)", true},
		"the%20lobby":  {"(sensitive)", true},
		"1.2345e3":     {"(sensitive)", false},
		"1,234.5":      {"(sensitive)", false},
		"abc":          {"abc", false},
	} {
		if printed, holds := s.Redact(text), s.Holds(text); printed != want.printed || holds != want.holds || s.Hides(text) != (printed != text) {
			t.Errorf("%q becomes %q, and holds a secret: %t", text, printed, holds)
		}
	}
}
