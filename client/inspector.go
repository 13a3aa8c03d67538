package client

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"

	"riveter/client/internal/value"
)

// Inspector looks into one actor. It wakes the actor, and needs the right to use the
// management API, from which it takes the actor's own inspector token.
//
// What it reads is not part of Rivet's stable interface. Where the actor's RivetKit is
// of another version than this package knows, its methods that depend on that fail
// with [errors.ErrUnsupported].
type Inspector struct {
	c     *Client
	id    string
	token atomic.Pointer[string]
}

// Inspector returns the inspector of an actor. It may be used by many goroutines at
// once, and costs no request to make.
func (c *Client) Inspector(id string) *Inspector { return &Inspector{c: c, id: id} }

// tokenKey is where an actor's storage has the inspector token.
const tokenKey = "Aw=="

// ask sends a request to the inspector's part of the actor and decodes the JSON answer.
func (i *Inspector) ask(ctx context.Context, req request, out any) error {
	token, err := i.readToken(ctx)
	if err != nil {
		return err
	}
	r, err := i.c.route(ctx)
	if err != nil {
		return err
	}
	req.to, req.safe = target{id: i.id}, true
	req.timeout = i.c.defaults.limit()
	req.header = http.Header{"Authorization": {"Bearer " + token}}
	got, err := i.c.send(ctx, r, req)
	if err != nil {
		return err
	}
	if err := decodePromised(got.body, out); err != nil {
		return &Error{
			Method: req.method, Path: req.shownPath(), ActorID: i.id, Status: got.status, delivery: Delivered,
			Err: fmt.Errorf("answer is not what the inspector promises: %w", err),
		}
	}
	return nil
}

// readToken returns the actor's inspector token, which it has once it has started and
// keeps.
func (i *Inspector) readToken(ctx context.Context) (string, error) {
	if i == nil {
		return "", notSent(errors.New("the inspector was not made by a client"))
	}
	if known := i.token.Load(); known != nil {
		return *known, nil
	}
	if err := checkID(i.id); err != nil {
		return "", err
	}
	stored, err := i.storedToken(ctx)
	if e, ok := errors.AsType[*Error](err); ok && e.Code == "kv_key_not_found" {
		stored, err = i.firstToken(ctx)
	}
	if err != nil {
		return "", err
	}
	raw, err := base64.StdEncoding.DecodeString(stored)
	if err != nil || len(raw) == 0 {
		return "", &Error{Message: "the actor's inspector token is malformed", ActorID: i.id, delivery: NotDelivered}
	}
	token := string(raw)
	i.token.Store(&token)
	return token, nil
}

func (i *Inspector) storedToken(ctx context.Context) (string, error) {
	var out struct{ Value string }
	path := "/actors/" + i.id + "/kv/keys/" + escape(tokenKey)
	err := i.c.Management().ask(ctx, get(path, nil), nil, &out)
	return out.Value, err
}

// firstToken waits until an actor that has never run has started, which is when it stores its token.
func (i *Inspector) firstToken(ctx context.Context) (string, error) {
	for actor, err := range i.c.Management().AwaitStart(ctx, i.id) {
		if err == nil && actor.Failure.IsCrash() {
			err = actor.Failure
		}
		if err != nil {
			return "", err
		}
	}
	return i.storedToken(ctx)
}

// Actions returns the names of the actor's actions, sorted; nested ones with dots.
func (i *Inspector) Actions(ctx context.Context) ([]string, error) {
	var out actionNames
	err := i.ask(ctx, get("/inspector/rpcs", nil), &out)
	return out.RPCs, err
}

type actionNames struct{ RPCs []string }

func (a *actionNames) isThere() bool { return a.RPCs != nil }

// Version returns the version of RivetKit that runs the actor.
func (i *Inspector) Version(ctx context.Context) (string, error) {
	var out struct{ Version string }
	err := i.ask(ctx, get("/metadata", nil), &out)
	return out.Version, err
}

// Input returns what the actor was created with. Where nothing was sent, or undefined,
// that is [Undefined].
func (i *Inspector) Input(ctx context.Context) (any, error) {
	row, err := i.storedInput(ctx)
	if err != nil {
		return nil, err
	}
	if len(row) == 0 || string(row) == "\xf7" {
		return Undefined{}, nil
	}
	input, err := value.Unmarshal(row)
	if err != nil {
		return nil, i.fail(fmt.Errorf("decode the input: %w", err))
	}
	return input, nil
}

// storedInput returns the input as it was sent; it is empty where none was.
func (i *Inspector) storedInput(ctx context.Context) ([]byte, error) {
	version, err := i.Version(ctx)
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(version, "2.3.") {
		return nil, i.fail(fmt.Errorf("read the input of an actor of RivetKit %s: %w", printable(version, 40), errors.ErrUnsupported))
	}
	return i.queryHex(ctx, "SELECT hex(input) AS value FROM _rivet_actor")
}

// queryHex reads one value, which sql returns in hexadecimal, from the actor's own
// database.
func (i *Inspector) queryHex(ctx context.Context, sql string) ([]byte, error) {
	body, err := json.Marshal(map[string]string{"sql": sql})
	if err != nil {
		return nil, err
	}
	var out rows
	req := request{method: http.MethodPost, path: "/inspector/database/execute", body: body}
	if err := i.ask(ctx, req, &out); err != nil {
		if e, ok := errors.AsType[*Error](err); ok && e.Status == http.StatusInternalServerError {
			return nil, fmt.Errorf("%w: %w", errors.ErrUnsupported, err)
		}
		return nil, err
	}
	if len(out.Rows) != 1 {
		return nil, i.fail(fmt.Errorf("the actor keeps %d rows where one is known: %w", len(out.Rows), errors.ErrUnsupported))
	}
	row, err := hex.DecodeString(*out.Rows[0].Value)
	if err != nil {
		return nil, i.fail(err)
	}
	return row, nil
}

// rows are what a query answers that names one column "value".
type rows struct{ Rows []struct{ Value *string } }

func (r *rows) isThere() bool {
	for _, row := range r.Rows {
		if row.Value == nil {
			return false
		}
	}
	return r.Rows != nil
}

// fail is what becomes of an answer that is not understood.
func (i *Inspector) fail(err error) error {
	return &Error{Err: err, ActorID: i.id, delivery: Delivered}
}
