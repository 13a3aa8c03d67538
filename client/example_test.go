package client_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"time"

	"riveter/client"
)

func Example() {
	ctx := context.Background()
	c, err := client.New() // RIVET_ENDPOINT and its like
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()

	room := c.GetOrCreate("chatRoom", client.Key{"org-acme", "general"})
	conn, err := room.Connect(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()

	topics := conn.Subscribe("topicChanged")
	if _, err := conn.Call(ctx, "setTopic", "Actors in Go"); err != nil {
		log.Fatal(err)
	}
	topic, err := client.Next[string](ctx, topics)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(topic)
	// Output: Actors in Go
}

func ExampleCall() {
	ctx := context.Background()
	c, err := client.New() // RIVET_ENDPOINT and its like
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()

	type info struct {
		Topic   string   `json:"topic"`
		Members []string `json:"members"`
	}
	input := map[string]any{"topic": "Typed results"}
	room := c.GetOrCreate("chatRoom", client.Key{"org-acme", "typed"}, client.WithInput(input))
	got, err := client.Call[info](ctx, room, "getRoomInfo")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%+v\n", got)
	// Output: {Topic:Typed results Members:[]}
}

func ExampleDeliveryOf() {
	ctx := context.Background()
	c, err := client.New() // RIVET_ENDPOINT and its like
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()

	_, err = c.Get("counter", client.Key{"never", "made"}).Call(ctx, "increment")
	fmt.Println(client.DeliveryOf(err)) // so that it may be sent again
	// Output: not delivered
}

func ExampleError() {
	ctx := context.Background()
	c, err := client.New() // RIVET_ENDPOINT and its like
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()

	ada := c.GetOrCreate("account", client.Key{"ada"}, client.WithInput(map[string]any{"owner": "ada", "balance": 3}))
	_, err = ada.Call(ctx, "withdraw", 5)
	var e *client.Error
	if errors.As(err, &e) && e.Group == "user" {
		fmt.Println(e.Code, e.Metadata)
	}
	fmt.Println(errors.Is(err, client.ErrNotFound), client.DeliveryOf(err))
	// Output:
	// insufficient_funds map[balance:3 requested:5]
	// false delivered
}

// Parts of a key are kept apart, whatever is in them.
func ExampleKey() {
	ctx := context.Background()
	c, err := client.New() // RIVET_ENDPOINT and its like
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()

	c.GetOrCreate("counter", client.Key{"org", "a/b"})
	fmt.Println(client.Key{"org", "a/b"}, client.Key{"org", "a", "b"})
	for _, key := range []client.Key{{"org", "a/b"}, {"org", "a", "b"}} {
		n, err := client.Call[int](ctx, c.GetOrCreate("counter", key), "increment")
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(n)
	}
	// Output:
	// org/a\/b org/a/b
	// 1
	// 1
}

func ExampleWithParams() {
	ctx := context.Background()
	c, err := client.New() // RIVET_ENDPOINT and its like
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()

	open := client.WithParams(map[string]any{"token": "sesame", "user": "ali"})
	vault := c.GetOrCreate("vault", client.Key{"cave"}, client.WithInput(map[string]any{"token": "sesame"}))
	_, err = vault.Call(ctx, "whoami")
	fmt.Println(err != nil)
	who, err := client.Call[string](ctx, vault.With(open), "whoami")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(who)
	// Output:
	// true
	// ali
}

func ExampleHandle_Send() {
	ctx := context.Background()
	c, err := client.New() // RIVET_ENDPOINT and its like
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()

	jobs := c.GetOrCreate("jobs", client.Key{"example"})
	if err := jobs.Send(ctx, "work", map[string]any{"id": "first"}); err != nil {
		log.Fatal(err)
	}
	reply, completed, err := jobs.SendWait(ctx, "work", map[string]any{"id": "second"}, 10*time.Second)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(completed, reply)
	// Output: true map[id:second position:2]
}

// A backend that calls an actor for each request: the end of the request is the end of the call.
func ExampleHandle_handler() {
	c, err := client.New() // RIVET_ENDPOINT and its like
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()

	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		counter := c.GetOrCreate("counter", client.Key{"hits", r.URL.Path})
		hits, err := client.Call[int](r.Context(), counter, "increment")
		if err != nil {
			http.Error(w, "the counter does not answer", http.StatusBadGateway)
			return
		}
		fmt.Fprintln(w, "visit", hits)
	})

	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/welcome", nil))
	fmt.Print(w.Body)
	// Output: visit 1
}

// Neither listing nor looking up wakes an actor.
func ExampleManagement_Actors() {
	ctx := context.Background()
	c, err := client.New() // RIVET_ENDPOINT and its like
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()

	for _, name := range []string{"north", "south"} {
		if _, err := c.Create(ctx, "counter", client.Key{"listed", name}); err != nil {
			log.Fatal(err)
		}
	}
	var found []string
	for actor, err := range c.Management().Actors(ctx, "counter", client.ListOptions{}) {
		if err != nil {
			log.Fatal(err)
		}
		if len(actor.Key) == 2 && actor.Key[0] == "listed" {
			found = append(found, actor.Key[1])
		}
	}
	slices.Sort(found)
	fmt.Println(found)
	// Output: [north south]
}

func ExampleWithLogger() {
	ctx := context.Background()
	plain := &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey || a.Key == "took" || a.Key == "ray" {
			return slog.Attr{}
		}
		return a
	}}
	c, err := client.New(client.WithLogger(slog.New(slog.NewTextHandler(os.Stdout, plain))))
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()
	if _, err := c.GetOrCreate("counter", client.Key{"logged"}).Call(ctx, "get"); err != nil {
		log.Fatal(err)
	}
	// Output:
	// level=DEBUG msg="rivet request" method=GET path=/metadata status=200
	// level=DEBUG msg="rivet request" method=POST path=/gateway/counter/action/get status=200
}
