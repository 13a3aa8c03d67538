package operatetest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// definition is how actors of a name behave. They are those of examples/registry.
type definition struct {
	create  func(input any) (map[string]any, error)
	connect func(state map[string]any, params any) error // nil: everybody may
	actions map[string]func(a *actor, args []any) (any, error)
	queues  map[string]func(a *actor, body any) any
	request func(a *actor, method, path string, body any) (status int, answer any) // nil: it takes none
}

// actorError is what an actor says on purpose.
type actorError struct {
	code, message string
	metadata      map[string]any
}

// Error implements error.
func (e *actorError) Error() string { return "user." + e.code + ": " + e.message }

var registry = map[string]*definition{
	"counter": {
		create: func(input any) (map[string]any, error) {
			return map[string]any{"count": number(member(input, "start")), "calls": 0.0}, nil
		},
		actions: map[string]func(*actor, []any) (any, error){
			"get": func(a *actor, _ []any) (any, error) { return a.state["count"], nil },
			"increment": func(a *actor, args []any) (any, error) {
				a.state["calls"] = number(a.state["calls"]) + 1
				by := 1.0
				if len(args) > 0 {
					by = number(args[0])
				}
				a.state["count"] = number(a.state["count"]) + by
				return a.state["count"], nil
			},
			"stats.calls": func(a *actor, _ []any) (any, error) { return a.state["calls"], nil },
		},
	},
	"probe": {
		create: func(input any) (map[string]any, error) {
			state := map[string]any{"calls": map[string]any{}, "facts": map[string]any{}, "broken": []any{}, "open": false}
			for _, name := range []string{"broken", "open"} {
				if v := member(input, name); v != nil {
					state[name] = v
				}
			}
			return state, nil
		},
		actions: map[string]func(*actor, []any) (any, error){
			"report": func(a *actor, _ []any) (any, error) { return a.state, nil },
			"call":   func(a *actor, args []any) (any, error) { return count(a, args[0].(string)) },
			"mint": func(a *actor, args []any) (any, error) {
				_, err := count(a, args[0].(string))
				return map[string]any{"secret": fmt.Sprintf("minted-by-%s-%v", a.id, a.state["calls"])}, err
			},
			"spawn": func(a *actor, args []any) (any, error) {
				if _, err := count(a, args[0].(string)); err != nil {
					return nil, err
				}
				var key []string
				for _, part := range args[1].([]any) {
					key = append(key, part.(string))
				}
				var input any
				if len(args) > 2 {
					input = args[2]
				}
				a.rivet.create(a.namespace, "probe", key, input)
				return map[string]any{"key": args[1]}, nil
			},
			"establish": func(a *actor, args []any) (any, error) {
				if _, err := count(a, args[0].(string)); err != nil {
					return nil, err
				}
				a.state["facts"].(map[string]any)[args[0].(string)] = args[1]
				return nil, nil
			},
		},
	},
	"chatRoom": {
		create: func(input any) (map[string]any, error) {
			topic, _ := member(input, "topic").(string)
			return map[string]any{"topic": topic, "members": []any{}, "messages": []any{}}, nil
		},
		actions: map[string]func(*actor, []any) (any, error){
			"getRoomInfo": func(a *actor, _ []any) (any, error) {
				return map[string]any{"topic": a.state["topic"], "members": a.state["members"], "messageCount": len(a.state["messages"].([]any))}, nil
			},
			"setTopic": func(a *actor, args []any) (any, error) {
				a.state["topic"] = args[0]
				a.broadcast("topicChanged", args[0])
				return nil, nil
			},
			"addMember": func(a *actor, args []any) (any, error) {
				members := a.state["members"].([]any)
				if slices.Contains(members, args[0]) {
					return false, nil
				}
				a.state["members"] = append(members, args[0])
				a.broadcast("memberAdded", args[0])
				return true, nil
			},
			"postMessage": func(a *actor, args []any) (any, error) {
				a.state["messages"] = append(a.state["messages"].([]any), args[0])
				a.broadcast("messagePosted", args[0])
				return true, nil
			},
		},
	},
	"account": {
		create: func(input any) (map[string]any, error) {
			owner, _ := member(input, "owner").(string)
			if owner == "" {
				return nil, &actorError{"invalid_input", "owner must be a non-empty string", map[string]any{"field": "owner"}}
			}
			return map[string]any{"owner": owner, "balance": number(member(input, "balance"))}, nil
		},
		actions: map[string]func(*actor, []any) (any, error){
			"get": func(a *actor, _ []any) (any, error) { return a.state, nil },
			"deposit": func(a *actor, args []any) (any, error) {
				a.state["balance"] = number(a.state["balance"]) + number(args[0])
				return a.state["balance"], nil
			},
			"withdraw": func(a *actor, args []any) (any, error) {
				balance, amount := number(a.state["balance"]), number(args[0])
				if amount > balance {
					return nil, &actorError{
						"insufficient_funds", fmt.Sprintf("cannot withdraw %v: the balance is %v", amount, balance),
						map[string]any{"balance": balance, "requested": amount},
					}
				}
				a.state["balance"] = balance - amount
				return a.state["balance"], nil
			},
		},
	},
	"values": {
		create: func(input any) (map[string]any, error) { return map[string]any{"input": input}, nil },
		actions: map[string]func(*actor, []any) (any, error){
			"echo":  func(_ *actor, args []any) (any, error) { return args, nil },
			"first": func(_ *actor, args []any) (any, error) { return args[0], nil },
			"input": func(a *actor, _ []any) (any, error) { return a.state["input"], nil },
		},
	},
	"vault": {
		create: func(input any) (map[string]any, error) {
			return map[string]any{"token": member(input, "token"), "secrets": map[string]any{}}, nil
		},
		connect: func(state map[string]any, params any) error {
			if member(params, "token") != state["token"] {
				return &actorError{"forbidden", "the token parameter does not open this vault", map[string]any{"parameter": "token"}}
			}
			return nil
		},
		actions: map[string]func(*actor, []any) (any, error){
			"names": func(a *actor, _ []any) (any, error) {
				return slices.Sorted(maps.Keys(a.state["secrets"].(map[string]any))), nil
			},
			"reveal": func(a *actor, args []any) (any, error) {
				return a.state["secrets"].(map[string]any)[args[0].(string)], nil
			},
			"store": func(a *actor, args []any) (any, error) {
				a.state["secrets"].(map[string]any)[args[0].(string)] = args[1]
				return nil, nil
			},
		},
	},
	"jobs": {
		create: func(any) (map[string]any, error) { return map[string]any{"processed": []any{}}, nil },
		actions: map[string]func(*actor, []any) (any, error){
			"processed": func(a *actor, _ []any) (any, error) { return a.state["processed"], nil },
		},
		queues: map[string]func(*actor, any) any{
			"work": func(a *actor, body any) any {
				id := member(body, "id")
				processed := append(a.state["processed"].([]any), id)
				a.state["processed"] = processed
				return map[string]any{"id": id, "position": len(processed)}
			},
		},
	},
	"httpApi": {
		create: func(any) (map[string]any, error) { return map[string]any{"items": map[string]any{}}, nil },
		actions: map[string]func(*actor, []any) (any, error){
			"items": func(a *actor, _ []any) (any, error) { return a.state["items"], nil },
		},
		request: serve,
	},
}

// serve is how httpApi answers a request.
func serve(a *actor, method, path string, body any) (status int, answer any) {
	parts := strings.Split(path, "/")
	items := a.state["items"].(map[string]any)
	switch {
	case len(parts) == 3 && parts[1] == "status":
		_, err := fmt.Sscan(parts[2], &status)
		if err != nil {
			status = 500
		}
		return status, ""
	case len(parts) != 3 || parts[1] != "items":
		return 200, map[string]any{"method": method, "path": path, "body": body}
	case method == "PUT":
		_, existed := items[parts[2]]
		items[parts[2]] = body
		if existed {
			return 200, body
		}
		return 201, body
	case items[parts[2]] == nil:
		return 404, map[string]any{"error": "no item " + parts[2]}
	default:
		return 200, items[parts[2]]
	}
}

func (a *actor) broadcast(name string, args ...any) { a.events = append(a.events, event{name, args}) }

// count counts a call by its name, and fails those that are to fail.
func count(a *actor, name string) (any, error) {
	calls := a.state["calls"].(map[string]any)
	calls[name] = number(calls[name]) + 1
	if slices.Contains(a.state["broken"].([]any), any(name)) {
		return nil, &actorError{"broken", name + " is broken", nil}
	}
	return nil, nil
}

// member returns a member of an object, and nil where there is none.
func member(v any, name string) any {
	object, _ := v.(map[string]any)
	return object[name]
}

// number returns a number, and 0 for anything else.
func number(v any) float64 {
	n, _ := v.(float64)
	return n
}
