package wire

import (
	"encoding/hex"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"riveter/client/internal/value"
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
		"no arguments": {func() ([]byte, error) { return MarshalArgs(Bare, nil) }, "0300 01 80"},
		"one argument": {func() ([]byte, error) { return MarshalArgs(Bare, []any{"z"}) }, "0300 03 81617a"},
		"queue": {func() ([]byte, error) {
			return MarshalQueued(Bare, "jobs", map[string]any{"a": 1}, new(2*time.Second))
		}, "0300 04 a1616101 01 046a6f6273 01 01 01 d007000000000000"},
		"queue, stored": {func() ([]byte, error) { return MarshalQueued(Bare, "jobs", nil, nil) }, "0300 01 f6 01 046a6f6273 00 00"},
		"action":        {func() ([]byte, error) { return MarshalAction(Bare, 7, "increment", []any{1}) }, "0300 00 07 09696e6372656d656e74 02 8101"},
		"subscription":  {func() ([]byte, error) { return MarshalSubscription(Bare, "changed", true) }, "0300 01 076368616e676564 01"},
	} {
		got, err := c.write()
		if err != nil || string(got) != string(bytesOf(t, c.want)) {
			t.Errorf("%s is %x, %v, want %s", name, got, err, c.want)
		}
	}
}

func TestMessagesAreReadAlikeInEveryEncoding(t *testing.T) {
	id := uint64(2)
	said := Failure{Group: "user", Code: "c1", Message: "user message", Metadata: map[string]any{"m": 1.0}, Actor: &Specifier{ID: actorID, Generation: 1, Key: new("ws1")}}
	for _, c := range []struct {
		name       string
		want       any
		bare, json string
	}{
		{
			"greeting",
			Init{actorID, "39fb945e"},
			"0400 00 " + actorHex + " 08 3339666239343565",
			`{"body":{"tag":"Init","val":{"actorId":"` + actorID + `","connectionId":"39fb945e"}}}`,
		},
		{
			"event",
			Event{"changed", []any{3.0}},
			"0400 03 07 6368616e676564 02 8103",
			`{"body":{"tag":"Event","val":{"name":"changed","args":[3]}}}`,
		},
		{
			"event without arguments",
			Event{"e", []any{value.Undefined{}}},
			"0400 03 01 65 0e 81826a24556e646566696e656400",
			`{"body":{"tag":"Event","val":{"name":"e","args":[["$Undefined",0]]}}}`,
		},
		{
			"event whose arguments look like a marker",
			Event{"e", []any{"$a", 1.0}},
			"0400 03 01 65 06 82632424" + "6101",
			`{"body":{"tag":"Event","val":{"name":"e","args":["$$a",1]}}}`,
		},
		{
			"answer",
			Response{ID: 0, Output: 3.0},
			"0400 02 00 01 03",
			`{"body":{"tag":"ActionResponse","val":{"id":["$BigInt","0"],"output":3}}}`,
		},
		{
			"error of a call",
			Error{said, &id},
			"0400 01 04 75736572 02 6331 0c 75736572206d657373616765 01 04 a1616d01 01 02 01 " + actorHex + " 01 01 03 777331",
			`{"body":{"tag":"Error","val":{"actionId":["$BigInt","2"],"group":"user","code":"c1","message":"user message","metadata":{"m":1},"actor":{"actorId":"` + actorID + `","generation":1,"key":"ws1"}}}}`,
		},
		{
			"error of the connection",
			Error{Failure{Group: "g", Code: "c", Message: ""}, nil},
			"0400 01 01 67 01 63 00 00 00 00",
			`{"body":{"tag":"Error","val":{"actionId":null,"group":"g","code":"c","message":""}}}`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			model, err := value.DecodeJSON([]byte(c.json))
			if err != nil {
				t.Fatal(err)
			}
			plain, err := value.ReadPlain(model)
			if err != nil {
				t.Fatal(err)
			}
			inCBOR, err := value.EncodeCBOR(plain)
			if err != nil {
				t.Fatal(err)
			}
			for encoding, data := range map[Encoding][]byte{Bare: bytesOf(t, c.bare), JSON: []byte(c.json), CBOR: inCBOR} {
				got, err := UnmarshalMessage(encoding, data)
				if err != nil {
					t.Errorf("%v: %v", encoding, err)
				} else if diff := cmp.Diff(c.want, got); diff != "" {
					t.Errorf("%v (-want +got):\n%s", encoding, diff)
				}
			}
		})
	}
}

// What is none of the protocol's has no version.
func TestATextIsOfNoVersion(t *testing.T) {
	for _, body := range []string{"slow down", "<html>", "{}", "\r\n", "OK"} {
		_, inOutput := UnmarshalOutput(Bare, []byte(body))
		_, inQueued := UnmarshalQueued(Bare, []byte(body))
		for _, err := range []error{inOutput, inQueued} {
			if err == nil || strings.Contains(err.Error(), "version") {
				t.Errorf("%q: %v", body, err)
			}
		}
	}
}

func TestAnAnswerOfAnotherVersionSaysWhichAreSpoken(t *testing.T) {
	body := bytesOf(t, "0900 0101")
	_, inFailure := UnmarshalFailure(Bare, body)
	_, inMessage := UnmarshalMessage(Bare, body)
	_, inOutput := UnmarshalOutput(Bare, body)
	_, inQueued := UnmarshalQueued(Bare, body)
	for _, err := range []error{inFailure, inMessage, inOutput, inQueued} {
		if !errors.Is(err, ErrVersion) || !strings.Contains(err.Error(), "version 9: this client speaks 3 (RivetKit 2.2) and 4 (RivetKit 2.3)") {
			t.Errorf("error is %v", err)
		}
	}
}

func TestMessagesToQueuesAreWrittenAlikeInEveryEncoding(t *testing.T) {
	limit := 5 * time.Second
	for encoding, want := range map[Encoding]string{
		Bare: hex.EncodeToString([]byte("\x03\x00\x0b\x82\x67$BigInt\x615\x01\x01q\x01\x01\x01\x88\x13\x00\x00\x00\x00\x00\x00")),
		CBOR: hex.EncodeToString([]byte("\xa3\x64body\x82\x67$BigInt\x615\x64wait\xf5\x67timeout\x19\x13\x88")),
		JSON: hex.EncodeToString([]byte(`{"body":["$BigInt","5"],"timeout":5000,"wait":true}`)),
	} {
		got, err := MarshalQueued(encoding, "q", big.NewInt(5), &limit)
		if err != nil || hex.EncodeToString(got) != want {
			t.Errorf("%v is %x, %v, want %s", encoding, got, err, want)
		}
	}
}

func TestRivetKit22IsRead(t *testing.T) {
	for name, got := range map[string]func() (any, error){
		"JSON without a result": func() (any, error) { return UnmarshalOutput(JSON, []byte(`{}`)) },
		"CBOR without a result": func() (any, error) { return UnmarshalOutput(CBOR, bytesOf(t, "b90001666f7574707574f7")) },
		"bare without a result": func() (any, error) { return UnmarshalOutput(Bare, bytesOf(t, "0300 01 f7")) },
	} {
		if v, err := got(); v != (value.Undefined{}) || err != nil {
			t.Errorf("%s: %v, %v", name, v, err)
		}
	}
	if v, err := UnmarshalOutput(Bare, bytesOf(t, "0300 04 d8404101")); !cmp.Equal(v, []byte{1}) || err != nil {
		t.Errorf("bytes: %v, %v", v, err)
	}
	m, err := UnmarshalMessage(Bare, bytesOf(t, "0300 01 04 75736572 04 6d696e65 02 6e6f 00 01 05"))
	want := Error{Failure{Group: "user", Code: "mine", Message: "no"}, new(uint64(5))}
	if diff := cmp.Diff(want, m); diff != "" || err != nil {
		t.Errorf("error (-want +got):\n%s%v", diff, err)
	}
}

func TestQueueAnswers(t *testing.T) {
	want := Queued{"completed", map[string]any{"ok": true}}
	for encoding, body := range map[Encoding][]byte{
		Bare: bytesOf(t, "0400 09 636f6d706c65746564 01 05 a1626f6bf5"),
		JSON: []byte(`{"status":"completed","response":{"ok":true}}`),
	} {
		got, err := UnmarshalQueued(encoding, body)
		if err != nil || !cmp.Equal(want, got) {
			t.Errorf("%v: %+v, %v", encoding, got, err)
		}
	}
}

// promised reports whether a value is made of what the package documentation lists.
func promised(v any) bool {
	switch v := v.(type) {
	case nil, bool, string, float64, *big.Int, []byte, time.Time, value.Undefined:
		return true
	case value.Tag:
		return promised(v.Content)
	case value.Set:
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
		value, err := UnmarshalOutput(Encoding(encoding), data)
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
		answer, err := UnmarshalQueued(Encoding(encoding), data)
		if err == nil && !promised(answer.Response) {
			t.Fatalf("%x gives %T %v", data, answer.Response, answer.Response)
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
		message, err := UnmarshalMessage(Encoding(encoding), data)
		if err != nil {
			return
		}
		switch m := message.(type) {
		case Init:
		case Event:
			if !promised(m.Args) {
				t.Fatalf("%x has the arguments %v", data, m.Args)
			}
		case Response:
			if !promised(m.Output) {
				t.Fatalf("%x has the result %v", data, m.Output)
			}
		case Error:
			if !promised(m.Failure.Metadata) {
				t.Fatalf("%x has the metadata %v", data, m.Failure.Metadata)
			}
		default:
			t.Fatalf("%x is a %T", data, message)
		}
	})
}

func TestAnIDThatNoCallCanHaveIsRefused(t *testing.T) {
	for _, id := range []string{`1.5`, `-1`, `["$BigInt","18446744073709551616"]`, `["$BigInt","-1"]`, `"1"`, `null`, `{}`} {
		message := `{"body":{"tag":"ActionResponse","val":{"id":` + id + `,"output":1}}}`
		if m, err := UnmarshalMessage(JSON, []byte(message)); err == nil {
			t.Errorf("%s reads as %+v", message, m)
		}
	}
}

func FuzzUnmarshalFailure(f *testing.F) {
	f.Add(2, []byte(`{"group":"g","code":"c","message":"\u001b[31m","metadata":[1]}`))
	f.Add(0, []byte("\x04\x00\x01g\x01c\x01m\x00\x00"))
	f.Add(1, []byte("\xa1ecodeac"))
	f.Fuzz(func(t *testing.T, encoding int, data []byte) {
		if encoding < 0 || encoding > 2 {
			return
		}
		failure, err := UnmarshalFailure(Encoding(encoding), data)
		if err == nil && !promised(failure.Metadata) {
			t.Fatalf("%x has the metadata %v", data, failure.Metadata)
		}
	})
}

func TestMetadataOfErrorsHasNoMarkers(t *testing.T) {
	body := `{"group":"user","code":"c","message":"m","metadata":{"pair":["$BigInt","5"],"other":["$x",1]}}`
	f, err := UnmarshalFailure(JSON, []byte(body))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"pair": []any{"$BigInt", "5"}, "other": []any{"$x", 1.0}}
	if diff := cmp.Diff(want, f.Metadata); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
