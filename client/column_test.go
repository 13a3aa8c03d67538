package client_test

import (
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"math/big"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"riveter/client"
)

// column carries scripts out with this package; column.mjs is its counterpart.
type column struct {
	t      *testing.T
	client *client.Client
	key    client.Key
	named  map[string]any
}

func newColumn(t *testing.T, encoding client.Encoding, key client.Key) *column {
	t.Helper()
	return &column{t: t, client: connected(t, client.WithEncoding(encoding)), key: key, named: map[string]any{}}
}

// patience is more than the half minute for which the engine loses the start of one actor in some hundreds (wire reference,
// section 17), and more than the nine starts of an actor that breaks in each of them, on a machine that has much else to do.
const patience = 150 * time.Second

func (c *column) carryOut(s step) outcome {
	ctx, cancel := context.WithTimeout(c.t.Context(), patience)
	defer cancel()
	verb, ok := verbs[s.Verb]
	if !ok {
		c.t.Fatalf("%s: there is no such verb", s.Line)
	}
	value, err := verb(c, ctx, c.withKey(s))
	if err != nil {
		return outcome{Error: failureOf(err)}
	}
	return outcome{Value: written(value)}
}

// withKey puts the key of this column and case for "$key".
func (c *column) withKey(s step) step {
	text := strings.ReplaceAll(inJSON(s.Args), `"$key"`, inJSON(c.key))
	s.Args = nil
	if err := json.Unmarshal([]byte(text), &s.Args); err != nil {
		c.t.Fatal(err)
	}
	return s
}

func failureOf(err error) *failure {
	e, ok := errors.AsType[*client.Error](err)
	if !ok || e.Code == "" {
		return &failure{Message: err.Error()}
	}
	return &failure{Code: e.Group + "." + e.Code, Message: e.Message, Metadata: written(e.Metadata), Actor: e.Generation > 0}
}

var verbs = map[string]func(*column, context.Context, step) (any, error){
	"getOrCreate": (*column).getOrCreate, "get": (*column).get, "create": (*column).create, "forId": (*column).forID,
	"call": (*column).call, "until": (*column).until, "all": (*column).all,
	"sameId": (*column).sameID, "idIsConns": (*column).idIsConns, "hasConnId": (*column).hasConnID, "gatewayUrl": (*column).gatewayURL,
	"connect": (*column).connect, "open": (*column).open, "on": (*column).on, "flush": (*column).flush,
	"next": (*column).next, "rest": (*column).rest, "off": (*column).off, "close": (*column).close,
	"send": (*column).send, "fetch": (*column).fetch,
	"socket": (*column).socket, "write": (*column).write, "hear": (*column).hear,
	"destroy": (*column).destroy, "sleep": (*column).sleep, "wait": (*column).wait,
}

// arg returns an argument of a step, the zero value where it is left out.
func arg[T any](s step, n int) T {
	var none T
	if n >= len(s.Args) {
		return none
	}
	v, ok := s.Args[n].(T)
	if !ok {
		panic(fmt.Sprintf("%s: argument %d is a %T", s.Line, n, s.Args[n]))
	}
	return v
}

type object = map[string]any

func (c *column) handle(s step) *client.Handle { return c.named[s.On].(*client.Handle) }
func (c *column) conn(s step) *client.Conn     { return c.named[s.On].(*client.Conn) }

func (c *column) caller(s step) client.Caller { return c.named[s.On].(client.Caller) }

func (c *column) keyOf(options object) client.Key {
	key := client.Key{}
	if exact, ok := options["exact"].([]any); ok {
		for _, part := range exact {
			key = append(key, part.(string))
		}
		return key
	}
	key = append(key, c.key...)
	more, _ := options["key"].([]any)
	for _, part := range more {
		key = append(key, part.(string))
	}
	return key
}

func callOptions(options object) []client.CallOption {
	var all []client.CallOption
	if params, ok := options["params"]; ok {
		all = append(all, client.WithParams(readBack(params)))
	}
	if source, ok := options["source"].(object); ok {
		asked := 0.0
		all = append(all, client.WithGetParams(func(context.Context) (any, error) {
			asked++
			if fail, _ := source["fail"].(float64); asked <= fail {
				return nil, errors.New("no parameters yet")
			}
			params, _ := source["params"].(object)
			params = maps.Clone(params)
			params["asked"] = asked
			return params, nil
		}))
	}
	if options["skipReadyWait"] == true {
		all = append(all, client.SkipReadyWait())
	}
	return all
}

func handleOptions(options object) []client.HandleOption {
	var all []client.HandleOption
	for _, option := range callOptions(options) {
		all = append(all, option)
	}
	if input, ok := options["input"]; ok {
		all = append(all, client.WithInput(readBack(input)))
	}
	return all
}

func (c *column) getOrCreate(_ context.Context, s step) (any, error) {
	options := arg[object](s, 1)
	c.named[s.Out] = c.client.GetOrCreate(arg[string](s, 0), c.keyOf(options), handleOptions(options)...)
	return client.Undefined{}, nil
}

func (c *column) get(_ context.Context, s step) (any, error) {
	options := arg[object](s, 1)
	c.named[s.Out] = c.client.Get(arg[string](s, 0), c.keyOf(options), callOptions(options)...)
	return client.Undefined{}, nil
}

func (c *column) create(ctx context.Context, s step) (any, error) {
	options := arg[object](s, 1)
	h, err := c.client.Create(ctx, arg[string](s, 0), c.keyOf(options), handleOptions(options)...)
	c.named[s.Out] = h
	return client.Undefined{}, err
}

func (c *column) forID(ctx context.Context, s step) (any, error) {
	id, err := c.handle(s).Resolve(ctx)
	c.named[s.Out] = c.client.ForID(id, callOptions(arg[object](s, 1))...)
	return client.Undefined{}, err
}

func (c *column) call(ctx context.Context, s step) (any, error) {
	args := arg[[]any](s, 1)
	read := make([]any, len(args))
	for i, a := range args {
		read[i] = readBack(a)
	}
	return c.caller(s).Call(ctx, arg[string](s, 0), read...)
}

func (c *column) until(ctx context.Context, s step) (any, error) {
	for {
		got, err := c.call(ctx, s)
		if err == nil && inJSON(written(got)) == inJSON(s.Want) || ctx.Err() != nil {
			return got, err
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (c *column) all(ctx context.Context, s step) (any, error) {
	lists := arg[[]any](s, 1)
	results, failures := make([]any, len(lists)), make([]error, len(lists))
	var calls sync.WaitGroup
	for i, args := range lists {
		calls.Go(func() {
			one := s
			one.Args = []any{s.Args[0], args}
			results[i], failures[i] = c.call(ctx, one)
		})
	}
	calls.Wait()
	slices.SortStableFunc(results, func(a, b any) int {
		x, isNumber := a.(float64)
		y, both := b.(float64)
		if !isNumber || !both {
			return 0
		}
		return cmp.Compare(x, y)
	})
	return results, errors.Join(failures...)
}

func (c *column) sameID(ctx context.Context, s step) (any, error) {
	one, err := c.handle(s).Resolve(ctx)
	if err != nil {
		return nil, err
	}
	other, err := c.named[arg[string](s, 0)].(*client.Handle).Resolve(ctx)
	return one == other, err
}

func (c *column) idIsConns(ctx context.Context, s step) (any, error) {
	id, err := c.named[arg[string](s, 0)].(*client.Handle).Resolve(ctx)
	return id == c.conn(s).ActorID(), err
}

func (c *column) hasConnID(ctx context.Context, s step) (any, error) {
	return c.conn(s).Call(ctx, "isMe", c.conn(s).ID())
}

var anyID = regexp.MustCompile(`^[0-9a-z]{30}$`)

var idInPath = regexp.MustCompile(`[a-z0-9]{30}`)

func (c *column) gatewayURL(ctx context.Context, s step) (any, error) {
	raw, err := c.handle(s).GatewayURL(ctx)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(raw)
	if err != nil {
		return nil, err
	}
	query := object{}
	for name, values := range u.Query() {
		if name != "rvt-key" && name != "rvt-token" {
			query[name] = values[0]
		}
	}
	return object{"path": idInPath.ReplaceAllString(u.Path, "ID"), "query": query}, nil
}

func (c *column) subscriptions(s step) []client.ConnOption {
	var all []client.ConnOption
	for out, event := range arg[object](s, 0) {
		subscription := client.On(event.(string))
		c.named[out] = subscription
		all = append(all, subscription)
	}
	return all
}

func (c *column) connect(ctx context.Context, s step) (any, error) {
	conn, err := c.handle(s).Connect(ctx, c.subscriptions(s)...)
	c.named[s.Out] = conn
	return client.Undefined{}, err
}

func (c *column) open(_ context.Context, s step) (any, error) {
	c.named[s.Out] = c.handle(s).Open(c.subscriptions(s)...) //nolint:contextcheck // it outlives the step
	return client.Undefined{}, nil
}

func (c *column) on(_ context.Context, s step) (any, error) {
	var events []string
	for i := range s.Args {
		events = append(events, arg[string](s, i))
	}
	c.named[s.Out] = c.conn(s).Subscribe(events...) //nolint:contextcheck // it outlives the step
	if len(events) > 1 {
		c.named[s.Out+"'s names"] = events
	}
	return client.Undefined{}, nil
}

func (c *column) flush(ctx context.Context, s step) (any, error) {
	return client.Undefined{}, c.conn(s).Flush(ctx)
}

func (c *column) next(ctx context.Context, s step) (any, error) {
	subscription := c.named[s.On].(*client.Subscription)
	event, err := subscription.Next(ctx)
	if err == nil && c.named[s.On+"'s names"] != nil {
		return append([]any{event.Name}, event.Args...), nil
	}
	return event.Args, err
}

func (c *column) rest(ctx context.Context, s step) (any, error) {
	ctx, cancel := context.WithTimeout(ctx, 150*time.Millisecond)
	defer cancel()
	n := 0
	for _, err := range c.named[s.On].(*client.Subscription).Events(ctx) {
		if err == nil {
			n++
		}
	}
	return n, nil
}

func (c *column) off(_ context.Context, s step) (any, error) {
	c.named[s.On].(*client.Subscription).Close() //nolint:contextcheck // it heeds no caller's end
	return client.Undefined{}, nil
}

func (c *column) close(_ context.Context, s step) (any, error) {
	c.conn(s).Close()
	return client.Undefined{}, nil
}

func (c *column) send(ctx context.Context, s step) (any, error) {
	queue, body := arg[string](s, 0), readBack(s.Args[1])
	if len(s.Args) < 3 {
		return client.Undefined{}, c.handle(s).Send(ctx, queue, body)
	}
	reply, completed, err := c.handle(s).SendWait(ctx, queue, body, time.Duration(arg[float64](s, 2))*time.Millisecond)
	if !completed {
		return object{"status": "timedOut"}, err
	}
	if reply == (client.Undefined{}) {
		return object{"status": "completed"}, err
	}
	return object{"status": "completed", "response": reply}, err
}

func (c *column) fetch(ctx context.Context, s step) (any, error) {
	options := arg[object](s, 2)
	body, _ := options["body"].(string)
	if n, ok := options["bytes"].(float64); ok {
		body = strings.Repeat("x", int(n))
	}
	address := arg[string](s, 1)
	if options["absolute"] != true {
		address = "http://actor/" + strings.TrimPrefix(address, "/")
	}
	req, err := http.NewRequestWithContext(ctx, arg[string](s, 0), address, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	if options["absolute"] != true {
		req.URL.Scheme, req.URL.Host = "", "" // as a client that is given a path alone
	}
	headers, _ := options["headers"].(object)
	for name, value := range headers {
		req.Header.Set(name, value.(string))
	}
	resp, err := c.handle(s).RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	result := object{"status": resp.StatusCode, "body": string(text)}
	if options["code"] == true {
		var body struct{ Group, Code string }
		err = errors.Join(err, json.Unmarshal(text, &body))
		result["body"] = body.Group + "." + body.Code
	}
	if show, ok := options["show"].([]any); ok {
		kept := object{}
		for _, name := range show {
			kept[name.(string)] = header(resp.Header, name.(string))
		}
		result["headers"] = kept
	}
	return result, err
}

func header(h http.Header, name string) any {
	values := h.Values(name)
	switch {
	case name == "set-cookie":
		list := make([]any, len(values))
		for i, v := range values {
			list[i] = v
		}
		return list
	case len(values) == 0:
		return nil
	default:
		return values[0]
	}
}

func (c *column) socket(ctx context.Context, s step) (any, error) {
	ws, err := c.handle(s).WebSocket(ctx, arg[string](s, 0))
	if err != nil {
		return nil, err
	}
	c.t.Cleanup(func() { _ = ws.CloseNow() })
	c.named[s.Out] = ws
	return client.Undefined{}, nil
}

func (c *column) write(ctx context.Context, s step) (any, error) {
	ws := c.named[s.On].(*websocket.Conn)
	switch v := readBack(s.Args[0]).(type) {
	case []byte:
		return client.Undefined{}, ws.Write(ctx, websocket.MessageBinary, v)
	default:
		return client.Undefined{}, ws.Write(ctx, websocket.MessageText, []byte(v.(string)))
	}
}

func (c *column) hear(ctx context.Context, s step) (any, error) {
	kind, data, err := c.named[s.On].(*websocket.Conn).Read(ctx)
	if closed, ok := errors.AsType[websocket.CloseError](err); ok {
		reason, _, _ := strings.Cut(closed.Reason, "#")
		return object{"closed": int(closed.Code), "reason": reason}, nil
	}
	if kind == websocket.MessageBinary {
		return data, err
	}
	return string(data), err
}

func (c *column) destroy(ctx context.Context, s step) (any, error) {
	id, err := c.handle(s).Resolve(ctx)
	if err != nil {
		return nil, err
	}
	return client.Undefined{}, c.client.Management().DestroyActor(ctx, id)
}

func (c *column) sleep(ctx context.Context, s step) (any, error) {
	id, err := c.handle(s).Resolve(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.client.Management().SleepActor(ctx, id); err != nil {
		return nil, err
	}
	awaitStatus(c.t, c.client, id, client.Sleeping) //nolint:contextcheck // it has its own
	return c.wait(ctx, s)
}

func (c *column) wait(_ context.Context, s step) (any, error) {
	time.Sleep(time.Duration(arg[float64](s, 0)) * time.Millisecond)
	return client.Undefined{}, nil
}

// written is a value such that JSON keeps what it is.
func written(v any) any {
	switch v := v.(type) {
	case client.Undefined:
		return object{"$": "undefined"}
	case *big.Int:
		return object{"$": "bigint", "v": v.String()}
	case int:
		return float64(v)
	case float64:
		return writtenNumber(v)
	case []byte:
		return object{"$": "bytes", "v": hex.EncodeToString(v)}
	case time.Time:
		return object{"$": "date", "v": v.Format("2006-01-02T15:04:05.000Z")}
	case client.InvalidDate:
		return object{"$": "date", "v": "invalid"}
	case client.Set:
		return object{"$": "set", "v": written([]any(v))}
	case string:
		if len(v) > 400 {
			return fmt.Sprintf("%d characters", len(v))
		}
		return strings.TrimPrefix(anyID.ReplaceAllString(v, "ID"), "go/")
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = written(item)
		}
		return list
	case object:
		members := object{}
		for name, member := range v {
			members[name] = written(member)
		}
		return members
	default:
		return v
	}
}

func writtenNumber(n float64) any {
	switch {
	case math.IsNaN(n):
		return object{"$": "number", "v": "NaN"}
	case math.IsInf(n, 1):
		return object{"$": "number", "v": "Infinity"}
	case math.IsInf(n, -1):
		return object{"$": "number", "v": "-Infinity"}
	case n == 0 && math.Signbit(n):
		return object{"$": "number", "v": "-0"}
	default:
		return n
	}
}

// readBack reads what written wrote.
func readBack(v any) any {
	switch v := v.(type) {
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = readBack(item)
		}
		return list
	case object:
		if kind, ok := v["$"].(string); ok {
			return readTagged(kind, v["v"])
		}
		members := object{}
		for name, member := range v {
			members[name] = readBack(member)
		}
		return members
	default:
		return v
	}
}

func readTagged(kind string, v any) any {
	switch kind {
	case "undefined":
		return client.Undefined{}
	case "bigint":
		n, _ := new(big.Int).SetString(v.(string), 10)
		return n
	case "number":
		return map[string]float64{"NaN": math.NaN(), "Infinity": math.Inf(1), "-Infinity": math.Inf(-1), "-0": math.Copysign(0, -1)}[v.(string)]
	case "bytes":
		data, _ := hex.DecodeString(v.(string))
		return data
	case "date":
		if v == "invalid" {
			return client.InvalidDate{}
		}
		when, _ := time.Parse("2006-01-02T15:04:05.000Z", v.(string))
		return when
	case "set":
		return client.Set(readBack(v).([]any))
	case "repeat":
		return strings.Repeat("x", int(v.(float64)))
	default:
		panic("what is " + kind)
	}
}
