package client_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"riveter/client"
)

// BenchmarkActors shows what an actor of a list costs.
func BenchmarkActors(b *testing.B) {
	const n = 10_000
	var page bytes.Buffer
	for i := range n {
		fmt.Fprintf(&page, `,{"actor_id":"%030d","name":"store","key":"t/item-%d","namespace_id":%q,"datacenter":"default",`+
			`"runner_name_selector":"default","crash_policy":"sleep","create_ts":%d,"start_ts":1795424909130,"pending_allocation_ts":null,`+
			`"connectable_ts":1795424909130,"sleep_ts":null,"reschedule_ts":null,"destroy_ts":null}`, i, i, anID, 1795424909069-i)
	}
	list := `{"actors":[` + page.String()[1:] + `],"pagination":{"cursor":null}}`
	server := httptest.NewServer(says(http.StatusOK, "%s", list))
	defer server.Close()
	c, err := client.New(client.WithEndpoint(server.URL))
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	b.ReportAllocs()
	for b.Loop() {
		seen := 0
		for _, err := range c.Management().Actors(b.Context(), "store", client.ListOptions{PageSize: n + 1}) {
			if err != nil {
				b.Fatal(err)
			}
			seen++
		}
		if seen != n {
			b.Fatalf("%d of %d", seen, n)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/actor")
}
