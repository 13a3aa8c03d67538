package devrivet_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"github.com/fxamacker/cbor/v2"

	"riveter/internal/devrivet"
)

type object = map[string]any

// An actor is spoken to with nothing but HTTP.
type actor struct {
	gateway string
	params  string // connection parameters as JSON, or empty
}

// newActor gets or creates an actor; its key is one of the engine's key strings.
func newActor(t *testing.T, rivet *devrivet.Rivet, name, key string, input any) actor {
	t.Helper()
	encoded, err := cbor.Marshal(input)
	if err != nil {
		t.Fatal(err)
	}
	status, answer := exchange(t, newRequest(t, http.MethodPut, rivet.Endpoint()+"/actors?namespace=default", object{
		"name": name, "key": key, "input": encoded, "runner_name_selector": "default", "crash_policy": "sleep",
	}))
	record, _ := answer["actor"].(object)
	id, _ := record["actor_id"].(string)
	if status != http.StatusOK || id == "" {
		t.Fatalf("create a %s: %d %v", name, status, answer)
	}
	return actor{gateway: rivet.Endpoint() + "/gateway/" + id}
}

// call calls an action; the answer has an "output", or a "code" and a "message".
func (a actor) call(t *testing.T, action string, args ...any) object {
	t.Helper()
	request := newRequest(t, http.MethodPost, a.gateway+"/action/"+action, object{"args": args})
	if a.params != "" {
		request.Header.Set("X-Rivet-Conn-Params", a.params)
	}
	_, answer := exchange(t, request)
	return answer
}

func newRequest(t *testing.T, method, url string, body any) *http.Request {
	t.Helper()
	content, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	return request
}

// exchange sends a request; an empty answer, or one that is not an object, is nil.
func exchange(t *testing.T, request *http.Request) (status int, answer object) {
	t.Helper()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	_ = json.Unmarshal(content, &answer)
	return response.StatusCode, answer
}
