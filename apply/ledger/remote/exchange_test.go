package remote

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// slow answers after a while.
type slow time.Duration

func (s slow) RoundTrip(*http.Request) (*http.Response, error) {
	time.Sleep(time.Duration(s))
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
}

func TestWhoWaitsLongIsToldForWhat(t *testing.T) {
	for answered, want := range map[time.Duration][]string{
		time.Second: nil,
		time.Minute: {"Waiting for the ledger https://ledger.test/state to answer GET."},
	} {
		synctest.Test(t, func(t *testing.T) {
			var told []string
			x := &exchanger{name: "https://ledger.test/state", client: &http.Client{Transport: slow(answered)}, authorize: func(*http.Request) {}, waiting: func(what string) { told = append(told, what) }}
			_, err := x.once(t.Context(), http.MethodGet, "https://ledger.test/state?tok=secret", nil, nil)
			check(t, err)
			synctest.Wait()
			if !slices.Equal(told, want) {
				t.Errorf("after %s told %q", answered, told)
			}
		})
	}
}

// A server that takes everything and says nothing keeps nobody waiting for ever. What it has kept all the same is found there.
func TestASilentServerIsGivenUpAndLookedAt(t *testing.T) {
	for name, keeps := range map[string]bool{"it keeps what it gets": true, "it keeps nothing": false} {
		t.Run(name, func(t *testing.T) {
			var kept atomic.Pointer[[]byte]
			kept.Store(&[]byte{})
			over := make(chan struct{})
			o := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet {
					_, _ = w.Write(*kept.Load())
					return
				}
				if body, _ := io.ReadAll(r.Body); keeps {
					kept.Store(&body)
				}
				<-over
			}))
			defer close(over)
			o.NoLock, o.Attempts, o.Silence = true, 2, 20*time.Millisecond
			err := newHome(t, o).Save(t.Context(), nil, func(w io.Writer) error { _, err := w.Write([]byte("document")); return err })
			if keeps {
				check(t, err)
				return
			}
			wantError(t, err, "timeout awaiting response headers")
		})
	}
}

// TestWhatIsCutOfAnAnswerIsMarked has the ellipsis by which the beginning of a secret is known.
func TestWhatIsCutOfAnAnswerIsMarked(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"short":                         "short",
		strings.Repeat("x", 200):        strings.Repeat("x", 200),
		strings.Repeat("x", 201):        strings.Repeat("x", 200) + "…",
		strings.Repeat("x", 199) + "éé": strings.Repeat("x", 199) + "…",
	} {
		if got := excerpt([]byte(body)); got != want {
			t.Errorf("%q is %q", body, got)
		}
	}
}
