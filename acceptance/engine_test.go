package acceptance

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/fxamacker/cbor/v2"
)

// engine is a Rivet as everybody else sees it: by its HTTP interface alone. It knows nothing of riveter, so that it can
// bear witness. Keys are as they are on the wire.
type engine struct{ endpoint, token string }

// actor is what the engine says of one.
type actor struct {
	ID  string  `json:"actor_id"`
	Key *string `json:"key"`
}

func (e engine) list(query url.Values) ([]actor, error) {
	data, err := e.request(http.MethodGet, "/actors", query, nil)
	if err != nil {
		return nil, err
	}
	var answer struct{ Actors []actor }
	err = json.Unmarshal(data, &answer)
	return answer.Actors, err
}

// lookup returns the id of the actor with a name and key.
func (e engine) lookup(name, key string) (string, error) {
	found, err := e.list(url.Values{"name": {name}, "key": {key}})
	if err != nil {
		return "", err
	}
	if len(found) == 0 {
		return "", fmt.Errorf("there is no %s with the key %q", name, key)
	}
	return found[0].ID, nil
}

// call runs an action and returns its output. The arguments are JSON.
func (e engine) call(name, key, action string, args ...string) (json.RawMessage, error) {
	id, err := e.lookup(name, key)
	if err != nil {
		return nil, err
	}
	body := `{"args":[` + strings.Join(args, ",") + `]}`
	data, err := e.request(http.MethodPost, "/gateway/"+id+"/action/"+action, nil, []byte(body))
	if err != nil {
		return nil, err
	}
	var answer struct{ Output json.RawMessage }
	err = json.Unmarshal(data, &answer)
	return answer.Output, err
}

// create creates an actor if there is none yet. A nil input is none.
func (e engine) create(name, key string, input any) error {
	body := map[string]any{"name": name, "key": key, "runner_name_selector": "default", "crash_policy": "sleep"}
	if input != nil {
		encoded, err := cbor.Marshal(input)
		if err != nil {
			return err
		}
		body["input"] = base64.StdEncoding.EncodeToString(encoded)
	}
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	_, err = e.request(http.MethodPut, "/actors", nil, data)
	return err
}

func (e engine) destroy(name, key string) error {
	id, err := e.lookup(name, key)
	if err != nil {
		return err
	}
	_, err = e.request(http.MethodDelete, "/actors/"+id, nil, nil)
	return err
}

func (e engine) request(method, path string, query url.Values, body []byte) ([]byte, error) {
	if query == nil {
		query = url.Values{}
	}
	if !strings.HasPrefix(path, "/gateway/") {
		query.Set("namespace", "default")
	}
	req, err := http.NewRequestWithContext(context.Background(), method, e.endpoint+path+"?"+query.Encode(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("content-type", "application/json")
	if e.token != "" {
		req.Header.Set("authorization", "Bearer "+e.token)
	}
	response, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s: %s: %s", method, path, response.Status, data)
	}
	return data, err
}
