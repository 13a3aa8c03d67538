//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"

	"golang.org/x/sync/errgroup"

	"riveter/acceptance/speed/results"
)

// limitCommand is the first argument with which this program is the limit itself, so that its costs are measured as a process's are.
const limitCommand = "limit"

const width = 16

// limit makes the requests that have to be made, and keeps nothing.
type limit struct {
	endpoint string
	name     string // of the counters
	client   *http.Client
}

func runLimit(args []string) error {
	n, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	l := limit{os.Getenv("RIVET_ENDPOINT"), args[2], &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: width}}}
	switch t := results.Task(args[0]); t {
	case results.Apply:
		return l.each(n, l.seed)
	case results.Again, results.Plan:
		_, err = l.list(n)
		return err
	case results.Verify, results.Destroy:
		ids, err := l.list(n)
		if err != nil {
			return err
		}
		one := l.check
		if t == results.Destroy {
			one = l.destroy
		}
		return l.each(n, func(i int) error { return one(ids[i]) })
	default:
		return fmt.Errorf("no such task: %s", t)
	}
}

func (l limit) each(n int, do func(i int) error) error {
	var group errgroup.Group
	group.SetLimit(width)
	for i := range n {
		group.Go(func() error { return do(i) })
	}
	return group.Wait()
}

func (l limit) seed(i int) error {
	var made struct {
		Actor struct {
			ID string `json:"actor_id"`
		}
	}
	err := l.ask(http.MethodPut, "/actors?namespace=default", map[string]string{
		"name": l.name, "key": fmt.Sprintf("speed/%d", i), "runner_name_selector": "default", "crash_policy": "sleep",
	}, &made)
	if err != nil {
		return err
	}
	return l.call(made.Actor.ID, "increment", nil)
}

// list returns the ids of the actors, by one request, which is the cheapest way to ask.
func (l limit) list(n int) ([]string, error) {
	var page struct {
		Actors []struct {
			ID string `json:"actor_id"`
		}
	}
	query := url.Values{"namespace": {"default"}, "name": {l.name}, "limit": {strconv.Itoa(n + 1)}}
	if err := l.ask(http.MethodGet, "/actors?"+query.Encode(), nil, &page); err != nil {
		return nil, err
	}
	ids := make([]string, len(page.Actors))
	for i, actor := range page.Actors {
		ids[i] = actor.ID
	}
	if len(ids) != n {
		return nil, fmt.Errorf("there are %d actors", len(ids))
	}
	return ids, nil
}

func (l limit) check(id string) error {
	var answer struct{ Output int }
	if err := l.call(id, "get", &answer); err != nil {
		return err
	}
	if answer.Output != 1 {
		return fmt.Errorf("%s is %d", id, answer.Output)
	}
	return nil
}

func (l limit) destroy(id string) error {
	return l.ask(http.MethodDelete, "/actors/"+id+"?namespace=default", nil, nil)
}

func (l limit) call(id, action string, answer any) error {
	return l.ask(http.MethodPost, "/gateway/"+id+"/action/"+action, map[string]any{"args": []any{}}, answer)
}

// attempts is how often a request is made whose answer is the engine's own failure, as one of thousands is when it is busy.
const attempts = 3

func (l limit) ask(method, path string, body, answer any) error {
	var content []byte
	if body != nil {
		var err error
		if content, err = json.Marshal(body); err != nil {
			return err
		}
	}
	for attempt := 1; ; attempt++ {
		status, said, err := l.send(method, path, content)
		switch {
		case err != nil:
			return err
		case status >= http.StatusInternalServerError && attempt < attempts:
			continue
		case status != http.StatusOK:
			return fmt.Errorf("%s %s: %d: %s", method, path, status, said)
		case answer == nil:
			return nil
		}
		return json.Unmarshal(said, answer)
	}
}

func (l limit) send(method, path string, content []byte) (status int, said []byte, err error) {
	req, err := http.NewRequestWithContext(context.Background(), method, l.endpoint+path, bytes.NewReader(content))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Rivet-Encoding", "json")
	res, err := l.client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	said, err = io.ReadAll(res.Body)
	return res.StatusCode, said, err
}
