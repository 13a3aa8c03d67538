package client

import (
	"encoding/hex"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const actorID = "9apcl0g9yyrjx4mjwxhkwpxmpgbl00"

var actorHex = "1e" + hex.EncodeToString([]byte(actorID))

// bytesOf reads hexadecimal with spaces.
func bytesOf(tb testing.TB, text string) []byte {
	tb.Helper()
	data, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

// The vectors of RivetKit's BARE protocol, as it sends and takes them.
func TestBareMessagesAreWrittenAsRivetKitTakesThem(t *testing.T) {
	for name, c := range map[string]struct {
		write func() ([]byte, error)
		want  string
	}{
		"no arguments": {func() ([]byte, error) { return Bare.marshalArgs(nil) }, "0300 01 80"},
		"one argument": {func() ([]byte, error) { return Bare.marshalArgs([]any{"z"}) }, "0300 03 81617a"},
		"queue": {func() ([]byte, error) {
			return Bare.marshalMessageTo("jobs", map[string]any{"a": 1}, new(2*time.Second))
		}, "0300 04 a1616101 01 046a6f6273 01 01 01 d007000000000000"},
		"queue, stored": {func() ([]byte, error) { return Bare.marshalMessageTo("jobs", nil, nil) }, "0300 01 f6 01 046a6f6273 00 00"},
		"action":        {func() ([]byte, error) { return Bare.marshalAction(7, "increment", []any{1}) }, "0300 00 07 09696e6372656d656e74 02 8101"},
		"subscription":  {func() ([]byte, error) { return Bare.marshalSubscription("changed", true) }, "0300 01 076368616e676564 01"},
	} {
		got, err := c.write()
		if err != nil || string(got) != string(bytesOf(t, c.want)) {
			t.Errorf("%s is %x, %v, want %s", name, got, err, c.want)
		}
	}
}

func TestMessagesAreReadAlikeInEveryEncoding(t *testing.T) {
	id := uint64(2)
	said := failure{group: "user", code: "c1", message: "user message", metadata: map[string]any{"m": 1.0}, actor: &specifier{id: actorID, generation: 1, key: new("ws1")}}
	for _, c := range []struct {
		name       string
		want       any
		bare, json string
	}{
		{
			"greeting",
			initMessage{actorID, "39fb945e"},
			"0400 00 " + actorHex + " 08 3339666239343565",
			`{"body":{"tag":"Init","val":{"actorId":"` + actorID + `","connectionId":"39fb945e"}}}`,
		},
		{
			"event",
			eventMessage{event: Event{"changed", []any{3.0}}},
			"0400 03 07 6368616e676564 02 8103",
			`{"body":{"tag":"Event","val":{"name":"changed","args":[3]}}}`,
		},
		{
			"event without arguments",
			eventMessage{event: Event{"e", []any{Undefined{}}}},
			"0400 03 01 65 0e 81826a24556e646566696e656400",
			`{"body":{"tag":"Event","val":{"name":"e","args":[["$Undefined",0]]}}}`,
		},
		{
			"event whose arguments look like a marker",
			eventMessage{event: Event{"e", []any{"$a", 1.0}}},
			"0400 03 01 65 06 82632424" + "6101",
			`{"body":{"tag":"Event","val":{"name":"e","args":["$$a",1]}}}`,
		},
		{
			"answer",
			responseMessage{id: 0, output: 3.0},
			"0400 02 00 01 03",
			`{"body":{"tag":"ActionResponse","val":{"id":["$BigInt","0"],"output":3}}}`,
		},
		{
			"error of a call",
			errorMessage{said, &id},
			"0400 01 04 75736572 02 6331 0c 75736572206d657373616765 01 04 a1616d01 01 02 01 " + actorHex + " 01 01 03 777331",
			`{"body":{"tag":"Error","val":{"actionId":["$BigInt","2"],"group":"user","code":"c1","message":"user message","metadata":{"m":1},"actor":{"actorId":"` + actorID + `","generation":1,"key":"ws1"}}}}`,
		},
		{
			"error of the connection",
			errorMessage{failure{group: "g", code: "c", message: ""}, nil},
			"0400 01 01 67 01 63 00 00 00 00",
			`{"body":{"tag":"Error","val":{"actionId":null,"group":"g","code":"c","message":""}}}`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			model, err := decodeJSON([]byte(c.json))
			if err != nil {
				t.Fatal(err)
			}
			plain, err := plainValue(model)
			if err != nil {
				t.Fatal(err)
			}
			inCBOR, err := wireCBOR.Marshal(plain)
			if err != nil {
				t.Fatal(err)
			}
			for encoding, data := range map[Encoding][]byte{Bare: bytesOf(t, c.bare), JSON: []byte(c.json), CBOR: inCBOR} {
				got, err := encoding.unmarshalMessage(data)
				if err != nil {
					t.Errorf("%v: %v", encoding, err)
				} else if diff := cmp.Diff(c.want, got, messages); diff != "" {
					t.Errorf("%v (-want +got):\n%s", encoding, diff)
				}
			}
		})
	}
}

var messages = cmp.AllowUnexported(initMessage{}, eventMessage{}, responseMessage{}, errorMessage{}, failure{}, specifier{})

func TestErrorsAreReadInEveryShape(t *testing.T) {
	mine := "0400 04 75736572 07 6d795f636f6465 0c 75736572206d657373616765 01 04 a1616101 01 " + actorHex + " 01 01 04 65727273"
	for name, c := range map[string]struct {
		media    string
		encoding Encoding
		body     []byte
		want     Error
	}{
		"bare":                {"application/octet-stream", Bare, bytesOf(t, mine), Error{Group: "user", Code: "my_code", Message: "user message", Metadata: map[string]any{"a": 1.0}, ActorID: actorID, Generation: 1, Key: Key{"errs"}}},
		"JSON to bare":        {"application/json", Bare, []byte(`{"group":"guard","code":"x","message":"m"}`), Error{Group: "guard", Code: "x", Message: "m"}},
		"JSON with a charset": {"application/json; charset=utf-8", Bare, []byte(`{"group":"g","code":"x","message":"m","metadata":null}`), Error{Group: "g", Code: "x", Message: "m"}},
		"wrong types":         {"application/json", JSON, []byte(`{"group":1,"code":"x","message":[]}`), Error{Code: "x"}},
		"empty":               {"", JSON, nil, Error{Message: "Internal Server Error"}},
		"a page":              {"text/html", JSON, []byte("<html>secret</html>"), Error{Message: "Internal Server Error"}},
		"JSON of another":     {"application/json", JSON, []byte(`{"error":"x"}`), Error{Message: "Internal Server Error"}},
		"a text of a proxy's": {"", Bare, []byte("slow down"), Error{Message: "Internal Server Error"}},
		"a text as bytes":     {"application/octet-stream", Bare, []byte("slow down"), Error{Message: "Internal Server Error"}},
		"truncated":           {"application/octet-stream", Bare, bytesOf(t, mine)[:20], Error{Message: "Internal Server Error"}},
		"RivetKit 2.2, bare":  {"", Bare, bytesOf(t, "0300 04 75736572 04 6d696e65 02 6e6f 01 06 b90001616101"), Error{Group: "user", Code: "mine", Message: "no", Metadata: map[string]any{"a": 1.0}}},
		"RivetKit 2.2, JSON":  {"text/plain;charset=UTF-8", JSON, []byte(`{"group":"user","code":"mine","message":"no","metadata":{"a":1}}`), Error{Group: "user", Code: "mine", Message: "no", Metadata: map[string]any{"a": 1.0}}},
		"RivetKit 2.2, CBOR":  {"", CBOR, bytesOf(t, "b90004 6567726f7570 6475736572 64636f6465 646d696e65 676d657373616765 626e6f 686d65746164617461 b90001616101"), Error{Group: "user", Code: "mine", Message: "no", Metadata: map[string]any{"a": 1.0}}},
	} {
		a := answer{status: 500, header: map[string][]string{"Content-Type": {c.media}}, body: c.body}
		got := decodeError(a, request{to: target{id: actorID}, encoding: c.encoding})
		c.want.Status = 500
		got.delivery, got.speaker = c.want.delivery, c.want.speaker
		if diff := cmp.Diff(c.want, *got, cmp.AllowUnexported(Error{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// What is none of the protocol's has no version.
func TestATextIsOfNoVersion(t *testing.T) {
	for _, body := range []string{"slow down", "<html>", "{}", "\r\n", "OK"} {
		_, inOutput := Bare.unmarshalOutput([]byte(body))
		_, inQueued := Bare.unmarshalQueued([]byte(body))
		for _, err := range []error{inOutput, inQueued} {
			if err == nil || strings.Contains(err.Error(), "version") {
				t.Errorf("%q: %v", body, err)
			}
		}
	}
}

func TestAnAnswerOfAnotherVersionSaysWhichAreSpoken(t *testing.T) {
	wants := "version 9: this client speaks 3 (RivetKit 2.2) and 4 (RivetKit 2.3)"
	a := answer{status: 500, header: map[string][]string{"Content-Type": {"application/octet-stream"}}, body: bytesOf(t, "0900 0101")}
	_, inMessage := Bare.unmarshalMessage(a.body)
	_, inOutput := Bare.unmarshalOutput(a.body)
	_, inQueued := Bare.unmarshalQueued(a.body)
	for _, err := range []error{decodeError(a, request{to: target{id: "a"}, encoding: Bare}), inMessage, inOutput, inQueued} {
		if err == nil || !strings.Contains(err.Error(), wants) {
			t.Errorf("error is %v", err)
		}
	}
}

func TestRivetKit22IsRead(t *testing.T) {
	for name, got := range map[string]func() (any, error){
		"JSON without a result": func() (any, error) { return JSON.unmarshalOutput([]byte(`{}`)) },
		"CBOR without a result": func() (any, error) { return CBOR.unmarshalOutput(bytesOf(t, "b90001666f7574707574f7")) },
		"bare without a result": func() (any, error) { return Bare.unmarshalOutput(bytesOf(t, "0300 01 f7")) },
	} {
		if v, err := got(); v != (Undefined{}) || err != nil {
			t.Errorf("%s: %v, %v", name, v, err)
		}
	}
	if v, err := Bare.unmarshalOutput(bytesOf(t, "0300 04 d8404101")); !cmp.Equal(v, []byte{1}) || err != nil {
		t.Errorf("bytes: %v, %v", v, err)
	}
	m, err := Bare.unmarshalMessage(bytesOf(t, "0300 01 04 75736572 04 6d696e65 02 6e6f 00 01 05"))
	want := errorMessage{failure{group: "user", code: "mine", message: "no"}, new(uint64(5))}
	if diff := cmp.Diff(want, m, messages); diff != "" || err != nil {
		t.Errorf("error (-want +got):\n%s%v", diff, err)
	}
}

func TestQueueAnswers(t *testing.T) {
	want := queued{"completed", map[string]any{"ok": true}}
	for encoding, body := range map[Encoding][]byte{
		Bare: bytesOf(t, "0400 09 636f6d706c65746564 01 05 a1626f6bf5"),
		JSON: []byte(`{"status":"completed","response":{"ok":true}}`),
	} {
		got, err := encoding.unmarshalQueued(body)
		if err != nil || !cmp.Equal(want, got, cmp.AllowUnexported(queued{})) {
			t.Errorf("%v: %+v, %v", encoding, got, err)
		}
	}
}

// promised reports whether a value is made of what the package documentation lists.
func promised(v any) bool {
	switch v := v.(type) {
	case nil, bool, string, float64, *big.Int, []byte, time.Time, Undefined:
		return true
	case Tag:
		return promised(v.Content)
	case Set:
		return promised([]any(v))
	case []any:
		for _, item := range v {
			if !promised(item) {
				return false
			}
		}
		return true
	case map[string]any:
		for _, member := range v {
			if !promised(member) {
				return false
			}
		}
		return true
	default:
		return false
	}
}

func FuzzUnmarshalOutput(f *testing.F) {
	for _, seed := range []string{"04000101", "04000d826a24556e646566696e656400", "a1666f757470757401", "7b226f7574707574223a317d", "0400ff"} {
		for encoding := range 3 {
			f.Add(encoding, bytesOf(f, seed))
		}
	}
	f.Fuzz(func(t *testing.T, encoding int, data []byte) {
		if encoding < 0 || encoding > 2 {
			return
		}
		value, err := Encoding(encoding).unmarshalOutput(data)
		if err == nil && !promised(value) {
			t.Fatalf("%x gives %T %v", data, value, value)
		}
	})
}

func FuzzUnmarshalQueued(f *testing.F) {
	for _, seed := range []string{"040009636f6d706c657465640105a1626f6bf5", "a166737461747573626f6b", "7b22737461747573223a22227d"} {
		for encoding := range 3 {
			f.Add(encoding, bytesOf(f, seed))
		}
	}
	f.Fuzz(func(t *testing.T, encoding int, data []byte) {
		if encoding < 0 || encoding > 2 {
			return
		}
		answer, err := Encoding(encoding).unmarshalQueued(data)
		if err == nil && !promised(answer.response) {
			t.Fatalf("%x gives %T %v", data, answer.response, answer.response)
		}
	})
}

func FuzzUnmarshalMessage(f *testing.F) {
	for _, seed := range []string{"040002000103", "0400030165028103", `7b7d`, "a164626f6479a2"} {
		for encoding := range 3 {
			f.Add(encoding, bytesOf(f, seed))
		}
	}
	f.Add(int(JSON), []byte(`{"body":{"tag":"Error","val":{"actionId":["$BigInt","2"],"group":"g"}}}`))
	f.Fuzz(func(t *testing.T, encoding int, data []byte) {
		if encoding < 0 || encoding > 2 {
			return
		}
		message, err := Encoding(encoding).unmarshalMessage(data)
		if err != nil {
			return
		}
		switch m := message.(type) {
		case initMessage:
		case eventMessage:
			if !promised(m.event.Args) {
				t.Fatalf("%x has the arguments %v", data, m.event.Args)
			}
		case responseMessage:
			if !promised(m.output) {
				t.Fatalf("%x has the result %v", data, m.output)
			}
		case errorMessage:
			if !promised(m.failure.metadata) {
				t.Fatalf("%x has the metadata %v", data, m.failure.metadata)
			}
		default:
			t.Fatalf("%x is a %T", data, message)
		}
	})
}

func FuzzDecodeError(f *testing.F) {
	f.Add("application/json", 2, []byte(`{"group":"g","code":"c","message":"\u001b[31m","metadata":[1]}`))
	f.Add("application/octet-stream", 0, []byte("\x04\x00\x01g\x01c\x01m\x00\x00"))
	f.Add("application/octet-stream", 1, []byte("\xa1ecodeac"))
	f.Fuzz(func(t *testing.T, media string, encoding int, body []byte) {
		if encoding < 0 || encoding > 2 {
			return
		}
		e := decodeError(answer{status: 500, header: map[string][]string{"Content-Type": {media}}, body: body}, request{to: target{id: actorID}, encoding: Encoding(encoding)})
		text := e.Error()
		if len(text) > maxErrorText+200 || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			t.Fatalf("error text is %q", text)
		}
		if !promised(e.Metadata) {
			t.Fatalf("metadata is %v", e.Metadata)
		}
	})
}

func FuzzReadInspectorState(f *testing.F) {
	f.Add([]byte("\x05\x01\x01"))
	f.Add([]byte("\x0d\x00\x01\x01\x01\x01"))
	f.Add([]byte("\x0d\xff\xff\xff\xff\xff\xff\xff\xff\x7f"))
	f.Fuzz(func(t *testing.T, data []byte) {
		state, ok, err := readInspectorState(data)
		if err == nil && ok && !promised(state) {
			t.Fatalf("%x gives %v", data, state)
		}
	})
}

func TestAnIDThatNoCallCanHaveIsRefused(t *testing.T) {
	for _, id := range []string{`1.5`, `-1`, `["$BigInt","18446744073709551616"]`, `["$BigInt","-1"]`, `"1"`, `null`, `{}`} {
		message := `{"body":{"tag":"ActionResponse","val":{"id":` + id + `,"output":1}}}`
		if m, err := JSON.unmarshalMessage([]byte(message)); err == nil {
			t.Errorf("%s reads as %+v", message, m)
		}
	}
}
