package devrivet

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// api is the little of the engine's API that tells whether it is ready. The real client
// is no use here: its tests start their engine with this package.
type api struct {
	endpoint, token string
	http            *http.Client
}

// An envoy is the engine's name for a registry's connection.
type envoy struct {
	Key  string `json:"envoy_key"`
	Pool string `json:"pool_name"`
}

// An actorRecord is what matters of the engine's record of an actor.
type actorRecord struct {
	ID    string          `json:"actor_id"`
	Error json.RawMessage `json:"error"` // absent, a string, or an object with one member
}

// crashed reports whether a registry tried to start the actor.
func (r actorRecord) crashed() bool {
	var kind struct{ Crashed *struct{} }
	return json.Unmarshal(r.Error, &kind) == nil && kind.Crashed != nil
}

// api talks to one of the engine's ports, over connections that end with their request.
func (r *Rivet) api(port int) api {
	return api{
		endpoint: loopback(port),
		token:    r.options.AdminToken,
		http: &http.Client{
			Timeout:   3 * time.Second,
			Transport: &http.Transport{DisableKeepAlives: true},
		},
	}
}

// namespaceID is the id of the default namespace, which is random.
func (a api) namespaceID(ctx context.Context) (string, error) {
	var answer struct {
		Namespaces []struct {
			ID string `json:"namespace_id"`
		}
	}
	if err := a.do(ctx, http.MethodGet, "/namespaces?name=default", nil, &answer); err != nil {
		return "", err
	}
	if len(answer.Namespaces) != 1 {
		return "", errors.New("the default namespace is not there yet")
	}
	return answer.Namespaces[0].ID, nil
}

// connected are the registries that are connected to the engine.
func (a api) connected(ctx context.Context) ([]envoy, error) {
	var answer struct {
		Envoys []struct {
			envoy
			StopTS *int64 `json:"stop_ts"`
		}
	}
	if err := a.do(ctx, http.MethodGet, "/envoys?namespace=default", nil, &answer); err != nil {
		return nil, err
	}
	var connected []envoy
	for _, found := range answer.Envoys {
		if found.StopTS == nil {
			connected = append(connected, found.envoy)
		}
	}
	return connected, nil
}

func (a api) createActor(ctx context.Context, name, pool string) (id string, err error) {
	var answer struct{ Actor actorRecord }
	order := object{"name": name, "runner_name_selector": pool, "crash_policy": "sleep"}
	err = a.do(ctx, http.MethodPost, "/actors?namespace=default", order, &answer)
	return answer.Actor.ID, err
}

// refused is done when the actor could not start, without an error if that is a
// registry's own word.
func (a api) refused(ctx context.Context, id string) (done bool, err error) {
	var answer struct{ Actors []actorRecord }
	if err := a.do(ctx, http.MethodGet, "/actors?namespace=default&actor_ids="+url.QueryEscape(id), nil, &answer); err != nil {
		return true, err
	}
	if len(answer.Actors) != 1 {
		return true, errors.New("the engine lost an actor")
	}
	switch found := answer.Actors[0]; {
	case found.Error == nil:
		return false, errors.New("the registry has not answered yet")
	case !found.crashed():
		return true, fmt.Errorf("no registry took an actor: %s", found.Error)
	default:
		return true, nil
	}
}

func (a api) destroyActor(ctx context.Context, id string) error {
	return a.do(ctx, http.MethodDelete, "/actors/"+url.PathEscape(id)+"?namespace=default", nil, nil)
}

// do sends one request and decodes the answer into into.
func (a api) do(ctx context.Context, method, path string, body, into any) error {
	request, err := a.request(ctx, method, path, body)
	if err != nil {
		return err
	}
	response, err := a.http.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: %s: %.200q", method, path, response.Status, content)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(content, into)
}

func (a api) request(ctx context.Context, method, path string, body any) (*http.Request, error) {
	var content bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&content).Encode(body); err != nil {
			return nil, err
		}
	}
	request, err := http.NewRequestWithContext(ctx, method, a.endpoint+path, &content)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	if a.token != "" {
		request.Header.Set("Authorization", "Bearer "+a.token)
	}
	return request, nil
}
