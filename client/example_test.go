package client_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"riveter/client"
)

func Example() {
	ctx := context.Background()
	c, err := client.New(client.WithEnvironment(os.LookupEnv)) // RIVET_ENDPOINT and its like
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
	event, err := topics.Next(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(event.Name, event.Args[0])
	// Output: topicChanged Actors in Go
}

func ExampleCall() {
	ctx := context.Background()
	c, err := client.New(client.WithEnvironment(os.LookupEnv))
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
	c, err := client.New(client.WithEnvironment(os.LookupEnv))
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()

	_, err = c.Get("counter", client.Key{"never", "made"}).Call(ctx, "increment")
	fmt.Println(client.DeliveryOf(err)) // so that it may be sent again
	// Output: not delivered
}
