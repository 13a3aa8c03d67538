package client_test

import (
	"context"
	"fmt"
	"log"

	"riveter/client"
)

// What an actor sends in its onConnect is received if the subscription comes with the connection.
func ExampleHandle_Connect() {
	ctx := context.Background()
	c, err := client.New() // RIVET_ENDPOINT and its like
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()

	room := c.GetOrCreate("connections", client.Key{"lobby"}, client.WithParams(map[string]any{"name": "ada", "greet": true}))
	hello := client.On("hello")
	conn, err := room.Connect(ctx, hello)
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
	name, err := client.Next[string](ctx, hello)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("hello", name)
	// Output: hello ada
}

// One subscription can wait for several events.
func ExampleConn_Subscribe() {
	ctx := context.Background()
	c, err := client.New() // RIVET_ENDPOINT and its like
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()

	conn, err := c.GetOrCreate("chatRoom", client.Key{"org-acme", "several"}).Connect(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
	events := conn.Subscribe("topicChanged", "memberAdded")
	for action, arg := range map[string]string{"setTopic": "news", "addMember": "grace"} {
		if _, err := conn.Call(ctx, action, arg); err != nil {
			log.Fatal(err)
		}
		event, err := events.Next(ctx)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(event.Name, event.Args[0])
	}
	// Unordered output:
	// topicChanged news
	// memberAdded grace
}

// To hear of an event once is to take one and close the subscription.
func ExampleSubscription_once() {
	ctx := context.Background()
	c, err := client.New() // RIVET_ENDPOINT and its like
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()

	conn, err := c.GetOrCreate("chatRoom", client.Key{"org-acme", "once"}).Connect(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
	topics := conn.Subscribe("topicChanged")
	defer topics.Close()
	for _, topic := range []string{"first", "second"} {
		if _, err := conn.Call(ctx, "setTopic", topic); err != nil {
			log.Fatal(err)
		}
	}
	topic, err := client.Next[string](ctx, topics)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(topic)
	// Output: first
}

// An event that somebody else causes is received once the actor has taken the subscription.
func ExampleConn_Flush() {
	ctx := context.Background()
	c, err := client.New() // RIVET_ENDPOINT and its like
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()

	room := c.GetOrCreate("chatRoom", client.Key{"org-acme", "flushed"})
	conn, err := room.Connect(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
	topics := conn.Subscribe("topicChanged")
	if err := conn.Flush(ctx); err != nil {
		log.Fatal(err)
	}
	if _, err := room.Call(ctx, "setTopic", "by another way"); err != nil {
		log.Fatal(err)
	}
	topic, err := client.Next[string](ctx, topics)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(topic)
	// Output: by another way
}

func ExampleOnStatus() {
	ctx := context.Background()
	c, err := client.New() // RIVET_ENDPOINT and its like
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()

	conn, err := c.GetOrCreate("counter", client.Key{"watched"}).Connect(ctx,
		client.OnStatus(func(change client.StatusChange) { fmt.Println(change.Status) }))
	if err != nil {
		log.Fatal(err)
	}
	remove := conn.OnError(func(err error) { fmt.Println(err) })
	defer remove()
	conn.Close()
	// Output:
	// connecting
	// connected
	// closed
}

// Calls over a connection that is opened in the background wait until it is there.
func ExampleHandle_Open() {
	ctx := context.Background()
	c, err := client.New() // RIVET_ENDPOINT and its like
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()

	conn := c.GetOrCreate("counter", client.Key{"background"}).Open()
	defer conn.Close()
	n, err := client.Call[int](ctx, conn, "increment")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(n)
	// Output: 1
}

// Parameters that are asked for with every attempt to connect may expire in between.
func ExampleWithGetParams() {
	ctx := context.Background()
	c, err := client.New() // RIVET_ENDPOINT and its like
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()

	token := func(context.Context) (any, error) { return map[string]any{"token": "fresh", "user": "eve"}, nil }
	vault := c.GetOrCreate("vault", client.Key{"expiring"}, client.WithInput(map[string]any{"token": "fresh"}), client.WithGetParams(token))
	conn, err := vault.Connect(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close()
	who, err := client.Call[string](ctx, conn, "whoami")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(who)
	// Output: eve
}
