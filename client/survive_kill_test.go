package client_test

import (
	"testing"
	"time"

	"riveter/client"
	"riveter/internal/devrivet"
)

// A killed registry says no goodbye: the engine holds its connections open, and drops what is
// sent over them until it has noticed.
func TestConnectionsSurviveAKilledRegistry(t *testing.T) {
	t.Parallel() // it waits for half a minute; what it leaks is found at the very end
	rivet := ownRivet(t, devrivet.Options{})
	c := newClient(t, client.WithEndpoint(rivet.Endpoint()), client.WithBackoff(quick))
	room := c.GetOrCreate("chatRoom", key(t, "called"))
	quiet := c.GetOrCreate("chatRoom", key(t, "quiet"))
	called := listen(t, room.With(client.WithTimeout(3*time.Second)))
	listening := listen(t, quiet.With(client.WithTimeout(3*time.Second)))
	called.hearsOnce(t, room)
	listening.hearsOnce(t, quiet)
	rivet.KillRegistry()
	if err := rivet.StartRegistry(t.Context()); err != nil {
		t.Fatal(err)
	}

	_, err := called.conn.Call(t.Context(), "setTopic", "lost")
	checkFailure(t, err, client.InDoubt)
	called.await(t, reconnected...)
	called.hearsOnce(t, room)

	// A connection that nobody calls over finds out by itself, unless the engine hands it on to the actor as it runs
	// again, which it does now and then.
	if !listening.comesTo(40*time.Second, reconnected...) && len(listening.all()) > 2 {
		listening.await(t, reconnected...)
	}
	listening.hearsOnce(t, quiet)
	for _, l := range []listener{called, listening} {
		l.conn.Close()
		l.checkOrder(t)
	}
}
