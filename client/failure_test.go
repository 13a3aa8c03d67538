package client

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const anActorID = "9apcl0g9yyrjx4mjwxhkwpxmpgbl00"

// unhex reads hexadecimal with spaces.
func unhex(t *testing.T, text string) []byte {
	t.Helper()
	data, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestErrorsAreReadInEveryShape(t *testing.T) {
	mine := "0400 04 75736572 07 6d795f636f6465 0c 75736572206d657373616765 01 04 a1616101 01 1e " + hex.EncodeToString([]byte(anActorID)) + " 01 01 04 65727273"
	for name, c := range map[string]struct {
		media    string
		encoding Encoding
		body     []byte
		want     Error
	}{
		"bare":                {"application/octet-stream", Bare, unhex(t, mine), Error{Group: "user", Code: "my_code", Message: "user message", Metadata: map[string]any{"a": 1.0}, ActorID: anActorID, Generation: 1, Key: Key{"errs"}}},
		"JSON to bare":        {"application/json", Bare, []byte(`{"group":"guard","code":"x","message":"m"}`), Error{Group: "guard", Code: "x", Message: "m"}},
		"JSON with a charset": {"application/json; charset=utf-8", Bare, []byte(`{"group":"g","code":"x","message":"m","metadata":null}`), Error{Group: "g", Code: "x", Message: "m"}},
		"wrong types":         {"application/json", JSON, []byte(`{"group":1,"code":"x","message":[]}`), Error{Message: `Internal Server Error: {"group":1,"code":"x","message":[]}`}},
		"empty":               {"", JSON, nil, Error{Message: "Internal Server Error"}},
		"a page":              {"text/html", JSON, []byte("<html>busy</html>"), Error{Message: "Internal Server Error: busy"}},
		"JSON of another":     {"application/json", JSON, []byte(`{"error":"x"}`), Error{Message: `Internal Server Error: {"error":"x"}`}},
		"a text of a proxy's": {"", Bare, []byte("slow down"), Error{Message: "Internal Server Error"}},
		"a text as bytes":     {"application/octet-stream", Bare, []byte("slow down"), Error{Message: "Internal Server Error"}},
		"truncated":           {"application/octet-stream", Bare, unhex(t, mine)[:20], Error{Message: "Internal Server Error"}},
		"RivetKit 2.2, bare":  {"", Bare, unhex(t, "0300 04 75736572 04 6d696e65 02 6e6f 01 06 b90001616101"), Error{Group: "user", Code: "mine", Message: "no", Metadata: map[string]any{"a": 1.0}}},
		"RivetKit 2.2, JSON":  {"text/plain;charset=UTF-8", JSON, []byte(`{"group":"user","code":"mine","message":"no","metadata":{"a":1}}`), Error{Group: "user", Code: "mine", Message: "no", Metadata: map[string]any{"a": 1.0}}},
		"RivetKit 2.2, CBOR":  {"", CBOR, unhex(t, "b90004 6567726f7570 6475736572 64636f6465 646d696e65 676d657373616765 626e6f 686d65746164617461 b90001616101"), Error{Group: "user", Code: "mine", Message: "no", Metadata: map[string]any{"a": 1.0}}},
	} {
		a := answer{status: 500, header: map[string][]string{"Content-Type": {c.media}}, body: c.body}
		got := decodeError(a, request{to: target{id: anActorID}, encoding: c.encoding})
		c.want.Status = 500
		got.delivery, got.speaker = c.want.delivery, c.want.speaker
		if diff := cmp.Diff(c.want, *got, cmp.AllowUnexported(Error{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func FuzzDecodeError(f *testing.F) {
	f.Add("application/json", 2, []byte(`{"group":"g","code":"c","message":"\u001b[31m","metadata":[1]}`))
	f.Add("application/octet-stream", 0, []byte("\x04\x00\x01g\x01c\x01m\x00\x00"))
	f.Add("application/octet-stream", 1, []byte("\xa1ecodeac"))
	f.Fuzz(func(t *testing.T, media string, encoding int, body []byte) {
		if encoding < 0 || encoding > 2 {
			return
		}
		e := decodeError(answer{status: 500, header: map[string][]string{"Content-Type": {media}}, body: body}, request{to: target{id: anActorID}, encoding: Encoding(encoding)})
		text := e.Error()
		if len(text) > maxErrorText+200 || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			t.Fatalf("error text is %q", text)
		}
	})
}
