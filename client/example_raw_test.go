package client_test

import (
	"context"
	"fmt"
	"log"
	"net/http"

	"github.com/coder/websocket"

	"riveter/client"
)

// A handle is the transport of an HTTP client.
func ExampleHandle_RoundTrip() {
	c, err := client.New() // RIVET_ENDPOINT and its like
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()

	web := &http.Client{Transport: c.GetOrCreate("httpApi", client.Key{"example"})}
	resp, err := web.Get("http://actor/status/204")
	if err != nil {
		log.Fatal(err)
	}
	defer resp.Body.Close()
	if err := client.ResponseError(resp); err != nil {
		log.Fatal(err) // not the actor's word
	}
	fmt.Println(resp.Status)
	// Output: 204 No Content
}

func ExampleHandle_WebSocket() {
	ctx := context.Background()
	c, err := client.New() // RIVET_ENDPOINT and its like
	if err != nil {
		log.Fatal(err)
	}
	defer c.Close()

	ws, err := c.GetOrCreate("httpApi", client.Key{"echo"}).WebSocket(ctx, "/echo")
	if err != nil {
		log.Fatal(err)
	}
	defer ws.Close(websocket.StatusNormalClosure, "")
	if err := ws.Write(ctx, websocket.MessageText, []byte("hello")); err != nil {
		log.Fatal(err)
	}
	_, data, err := ws.Read(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(data))
	// Output: hello
}
