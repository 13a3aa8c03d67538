package redact_test

import (
	"fmt"
	"strings"
	"testing"

	"riveter/internal/redact"
)

// What has no secret in it, as nearly everything has none, passes quickly.
func BenchmarkRedact(b *testing.B) {
	var set redact.Set
	for i := range 100 {
		set.Add(fmt.Sprintf("secret number %d/%x", i, i*7919), fmt.Sprintf("%x-token", i*1000003))
	}
	plain := strings.Repeat(`{"name":"ada","room":"the lobby, on the left","n":1234.5,"done":true,"at":"2025-01-01T00:00:00Z"}`+"\n", 1000)
	for name, text := range map[string]string{
		"plain":   plain,
		"percent": strings.ReplaceAll(plain, " ", "%20"),
		"secrets": strings.ReplaceAll(plain, "lobby", "lobby of secret number 7/d889"),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				set.Redact(text)
			}
		})
	}
}

func BenchmarkAdd(b *testing.B) {
	for b.Loop() {
		var set redact.Set
		for i := range 100 {
			set.Add(fmt.Sprintf("secret number %d/%x", i, i*7919))
		}
	}
}
