package remote

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"riveter/apply/ledger"
	"riveter/apply/ledger/ledgertest"
	"riveter/plan"
)

func check(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func wantError(tb testing.TB, err error, parts ...string) {
	tb.Helper()
	if err == nil {
		tb.Fatal("there is no error")
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			tb.Errorf("error %q does not say %q", err, part)
		}
	}
}

var manners = []ledgertest.Manner{ledgertest.Reference, ledgertest.GitLab, ledgertest.Gitea}

// serve starts a server whose exchanges may be disturbed, and returns the options for it.
func serve(tb testing.TB, handler http.Handler) HTTPOptions {
	tb.Helper()
	server := httptest.NewServer(handler)
	tb.Cleanup(server.Close)
	return HTTPOptions{
		Address: server.URL + "/state?team=a%20b", Journal: filepath.Join(tb.TempDir(), "local", "journal"), Wait: time.Millisecond,
		Version: "0.2.0",
	}
}

// in makes of options those for a server of a manner.
func in(manner ledgertest.Manner, o HTTPOptions) HTTPOptions {
	o.LockAddress, o.LockMethod, o.UnlockMethod = manner.LockAt(o.Address)
	return o
}

func newHome(tb testing.TB, o HTTPOptions) ledger.Home {
	tb.Helper()
	home, err := HTTP(o)
	check(tb, err)
	return home
}

func TestHTTPIsAHomeWithEveryServer(t *testing.T) {
	for _, manner := range manners {
		t.Run(string(manner), func(t *testing.T) {
			ledgertest.TestHome(t, func(t *testing.T) func() ledger.Home {
				t.Helper()
				o := in(manner, serve(t, &ledgertest.Server{Manner: manner, User: "ci", Password: "secret"}))
				o.Username, o.Password = "ci", "secret"
				return func() ledger.Home { return newHome(t, o) }
			})
		})
	}
}

// disturbance is a server whose n-th request of a method meets with a disaster.
type disturbance struct {
	http.Handler
	method  string
	at      int64
	lost    bool // the server gets the request, and its answer is lost
	status  int  // or the server answers with this
	counter atomic.Int64
}

func (d *disturbance) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != d.method || d.counter.Add(1) != d.at {
		d.Handler.ServeHTTP(w, r)
		return
	}
	if d.lost {
		d.Handler.ServeHTTP(httptest.NewRecorder(), r)
	}
	if d.status != 0 {
		w.WriteHeader(d.status)
		return
	}
	panic(http.ErrAbortHandler)
}

// TestALostAnswerChangesNothing loses, before or after the server, each of the requests of a run.
func TestALostAnswerChangesNothing(t *testing.T) {
	for _, manner := range manners {
		for _, method := range []string{"GET", "POST", "LOCK", "UNLOCK", "DELETE"} {
			for at := int64(1); at <= 4; at++ {
				for _, d := range []*disturbance{{lost: true}, {}, {status: 502}, {lost: true, status: 504}} {
					server := &ledgertest.Server{Manner: manner}
					d.Handler, d.method, d.at = server, method, at
					home := newHome(t, in(manner, serve(t, d)))
					for range 2 {
						check(t, seed(t.Context(), home))
					}
					l, err := ledger.Open(t.Context(), home, ledger.Options{})
					check(t, err)
					if r := l.Recall("ns"); len(r.Actors) != 1 || r.Serial != 4 {
						t.Errorf("%s, %s %d %+v: serial %d, %d actors", manner, method, at, d, r.Serial, len(r.Actors))
					}
					check(t, l.Close(t.Context()))
				}
			}
		}
	}
}

// seed announces and records something, which saves two versions.
func seed(ctx context.Context, home ledger.Home) error {
	l, err := ledger.Open(ctx, home, ledger.Options{Holder: ledger.Holder{Who: "ann"}})
	if err != nil {
		return err
	}
	e := l.Environment("ns")
	err = errors.Join(
		e.Announce(ctx, []plan.Intent{{Name: "counter", Key: []string{"a"}}}),
		e.Bind(plan.Entry{Name: "counter", Key: []string{"a"}, ActorID: "id", Created: true}),
	)
	return errors.Join(err, l.Close(ctx))
}

func TestSavingIsRefusedWhenSomebodyElseWrote(t *testing.T) {
	for _, manner := range manners {
		server := &ledgertest.Server{Manner: manner}
		home := newHome(t, in(manner, serve(t, server)))
		check(t, seed(t.Context(), home))
		l, err := ledger.Open(t.Context(), home, ledger.Options{})
		check(t, err)
		check(t, l.Environment("ns").ForgetPool("x"))
		// Servers take a lower serial and another lineage: that is for us to see.
		server.Replace(bytes.Replace(server.Document(), []byte(`"serial": 2`), []byte(`"serial": 1`), 1))
		err = l.Close(t.Context())
		wantError(t, err, "changed while this run used it; what was recorded is in")
		if strings.Contains(err.Error(), "bring back") { // which would lose what the other one did
			t.Error(err)
		}
	}
}

func TestNothingIsDoneWhereSomebodyElseWrote(t *testing.T) {
	home := newHome(t, in(ledgertest.Reference, serve(t, &ledgertest.Server{Manner: ledgertest.Reference})))
	l, err := ledger.Open(t.Context(), home, ledger.Options{NoLock: true})
	check(t, err)
	check(t, seed(t.Context(), home))
	err = l.Environment("ns").Announce(t.Context(), []plan.Intent{{Name: "counter", Key: []string{"b"}}})
	if want := "before anything is done: it was changed while this run used it; plan again"; err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("got %v", err)
	}
}

func TestLockSaysWhoHasIt(t *testing.T) {
	for _, manner := range manners {
		home := newHome(t, in(manner, serve(t, &ledgertest.Server{Manner: manner})))
		since := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		_, err := home.Lock(t.Context(), ledger.Holder{ID: "1", Who: "ann@desk", Operation: "apply", Since: since})
		check(t, err)
		_, err = home.Lock(t.Context(), ledger.Holder{ID: "2", Who: "bob", Operation: "destroy"})
		wantError(t, err, `"ann@desk" holds it for`, "2026-03-01T12:00:00Z", `(lock "1")`, "riveter ledger unlock 1")
		lease, err := home.Lock(t.Context(), ledger.Holder{ID: "1"}) // an answer was lost
		check(t, err)
		check(t, lease.Release(t.Context()))
	}
}

// saying is a server that answers everything in the same way.
func saying(status int, header, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if name, value, ok := strings.Cut(header, ": "); ok {
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
}

func TestWhatServersMaySay(t *testing.T) {
	load := func(ctx context.Context, home ledger.Home) error { _, err := home.Load(ctx); return err }
	lock := func(ctx context.Context, home ledger.Home) error {
		_, err := home.Lock(ctx, ledger.Holder{ID: "1"})
		return err
	}
	save := func(ctx context.Context, home ledger.Home) error {
		return home.Save(ctx, nil, func(w io.Writer) error { _, err := io.WriteString(w, "{}"); return err })
	}
	for name, test := range map[string]struct {
		handler http.Handler
		do      func(context.Context, ledger.Home) error
		want    string // of the error; empty for none
	}{
		"nothing there, 404":        {saying(404, "", "not found"), load, ""},
		"nothing there, in JSON":    {saying(404, "Content-Type: application/json", `{"message":"404 Not Found"}`), load, ""},
		"nothing there, in XML":     {saying(404, "Content-Type: application/xml", "<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error>"), load, ""},
		"nothing there, of Go":      {saying(404, "Content-Type: text/plain; charset=utf-8", "404 page not found\n"), load, ""},
		"nothing there, of PHP":     {saying(404, "Content-Type: text/html; charset=UTF-8", "not found"), load, ""},
		"a page says it, 404":       {saying(404, "Content-Type: text/html", "\ufeff\n<!doctype html><title>Not Found</title>"), load, "which is perhaps not the ledger's server"},
		"an old page says it, 404":  {saying(404, "Content-Type: application/xhtml+xml", "<?xml version='1.0'?><!DOCTYPE html>"), load, "put an empty document there"},
		"nothing there, 204":        {saying(204, "", ""), load, ""},
		"nothing there, 200":        {saying(200, "", ""), load, ""},
		"the right checksum":        {saying(200, "Content-MD5: "+sum([]byte("{}")), "{}"), load, ""},
		"another checksum":          {saying(200, "Content-MD5: "+sum([]byte("{")), "{}"), load, "did not arrive as it was sent"},
		"who is this":               {saying(401, "", ""), load, "username and password"},
		"not allowed":               {saying(403, "", ""), load, "does not allow it (403)"},
		"broken":                    {saying(500, "", "\x1b[2J"), load, `500 Internal Server Error: "\x1b[2J"`},
		"moved to another host":     {saying(302, "Location: http://other.example/", ""), load, "another host"},
		"saved, 200":                {saying(200, "", ""), save, ""},
		"saved, 201":                {saying(201, "", ""), save, ""},
		"saved, 204":                {saying(204, "", ""), save, ""},
		"not saved":                 {saying(400, "", "no serial"), save, `400 Bad Request: "no serial"`},
		"not saved, it is locked":   {saying(423, "", `{"ID":"2","Who":"bob"}`), save, `lost to "bob"`},
		"not saved, somebody did":   {saying(409, "", ""), save, "somebody else wrote the ledger"},
		"locked, in words":          {saying(423, "", "state is locked"), lock, `the server says "state is locked"`},
		"locked, without a word":    {saying(409, "", ""), lock, "another riveter uses it"},
		"locked, with broken JSON":  {saying(423, "", `{"ID":`), lock, `the server says "{\"ID\":"`},
		"locked by us, it says":     {saying(423, "", `{"ID":"1"}`), lock, ""},
		"there are no locks":        {saying(405, "", ""), lock, "405 Method Not Allowed"},
		"not allowed to lock":       {saying(403, "", ""), lock, "does not allow it (403)"},
		"locked since nobody knows": {saying(423, "", `{"ID":"2","Who":"bob","Created":"then"}`), lock, `"bob" holds it (lock "2")`},
	} {
		t.Run(name, func(t *testing.T) {
			err := test.do(t.Context(), newHome(t, serve(t, test.handler)))
			if test.want == "" {
				check(t, err)
				return
			}
			wantError(t, err, test.want)
			if strings.ContainsRune(err.Error(), '\x1b') {
				t.Errorf("%q has control characters", err)
			}
		})
	}
}

// recorded keeps the requests that it gets.
type recorded struct {
	http.Handler
	requests []*http.Request
	bodies   []string
}

func (r *recorded) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, _ := io.ReadAll(request.Body)
	request.Body = io.NopCloser(bytes.NewReader(body))
	r.requests, r.bodies = append(r.requests, request), append(r.bodies, string(body))
	r.Handler.ServeHTTP(w, request)
}

// Whoever asks to sign in answers every request with success, and keeps nothing.
func TestAPageForPeopleIsNoAnswer(t *testing.T) {
	home := newHome(t, serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "\n<!DOCTYPE html><title>Sign in</title>")
	})))
	const says = "asks to sign in"
	_, err := home.Load(t.Context())
	wantError(t, err, says)
	_, err = home.Lock(t.Context(), ledger.Holder{ID: "1"})
	wantError(t, err, says)
	err = home.Save(t.Context(), nil, func(w io.Writer) error { _, err := io.WriteString(w, "{}"); return err })
	wantError(t, err, says)
	wantError(t, home.(ledger.Unlocker).Unlock(t.Context(), "1"), says)
	_, err = ledger.Open(t.Context(), home, ledger.Options{NoLock: true})
	if wantError(t, err, says); strings.Contains(err.Error(), "move") {
		t.Error(err)
	}
}

// TestNobodyIsSentFromALockToAPage has a server send on as those do that moved, or want a sign-in: what would become of a request is a
// look at the ledger, whose success means nothing.
func TestNobodyIsSentFromALockToAPage(t *testing.T) {
	for _, status := range []int{http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther} {
		home := newHome(t, serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/") {
				_, _ = io.WriteString(w, `{"version":2}`)
				return
			}
			http.Redirect(w, r, r.URL.Path+"/", status)
		})))
		const says = "where nothing would be done"
		_, err := home.Load(t.Context())
		if err != nil {
			t.Errorf("%d: %v", status, err)
		}
		_, err = home.Lock(t.Context(), ledger.Holder{ID: "1"})
		wantError(t, err, says)
		err = home.Save(t.Context(), nil, func(w io.Writer) error { _, err := io.WriteString(w, "{}"); return err })
		wantError(t, err, says)
		wantError(t, home.(ledger.Unlocker).Unlock(t.Context(), "1"), says)
	}
}

func TestRequestsAreThoseOfTheProtocol(t *testing.T) {
	r := &recorded{Handler: &ledgertest.Server{Manner: ledgertest.Reference}}
	o := serve(t, r)
	base := strings.TrimSuffix(o.Address, "/state?team=a%20b")
	o.LockAddress, o.UnlockAddress, o.UpdateMethod = base+"/lock?x=1", base+"/unlock", "POST"
	o.Username, o.Password, o.Headers = "u", "p", http.Header{"x-team": {"a"}}
	home := newHome(t, o)
	lease, err := home.Lock(t.Context(), ledger.Holder{ID: "7", Who: "ann", Operation: "apply", Since: time.Unix(0, 0)})
	check(t, err)
	check(t, home.Save(t.Context(), lease, func(w io.Writer) error { _, err := io.WriteString(w, "{}"); return err }))
	check(t, lease.Release(t.Context()))
	info := `{"ID":"7","Operation":"apply","Info":"","Who":"ann","Version":"0.2.0","Created":"1970-01-01T00:00:00Z","Path":""}`
	for i, want := range []struct{ method, uri, body string }{
		{"LOCK", "/lock?x=1", info}, {"POST", "/state?ID=7&team=a+b", "{}"}, {"UNLOCK", "/unlock?ID=7", info},
	} {
		got := r.requests[i]
		user, password, _ := got.BasicAuth()
		if got.Method != want.method || got.RequestURI != want.uri || r.bodies[i] != want.body || user != "u" || password != "p" ||
			got.Header.Get("X-Team") != "a" || got.Header.Get("Content-Type") != "application/json" || got.Header.Get("Content-MD5") != sum([]byte(want.body)) {
			t.Errorf("%s %s %s %v", got.Method, got.RequestURI, r.bodies[i], got.Header)
		}
	}
}

func TestWithoutLocksNothingIsLocked(t *testing.T) {
	r := &recorded{Handler: &ledgertest.Server{Manner: ledgertest.Reference}}
	o := serve(t, r)
	o.NoLock = true
	check(t, seed(t.Context(), newHome(t, o)))
	for _, request := range r.requests {
		if strings.Contains(request.Method, "LOCK") || strings.Contains(request.RequestURI, "ID=") {
			t.Errorf("%s %s", request.Method, request.RequestURI)
		}
	}
}

func TestAnUnlockThatFailsSaysWhatToDo(t *testing.T) {
	server := &disturbance{Handler: &ledgertest.Server{Manner: ledgertest.Reference}, method: "UNLOCK", at: 1, status: 403}
	home := newHome(t, serve(t, server))
	lease, err := home.Lock(t.Context(), ledger.Holder{ID: "7"})
	check(t, err)
	err = lease.Release(t.Context())
	wantError(t, err, "riveter ledger unlock 7", "does not allow it")
	if _, ok := errors.AsType[*ledger.UnlockError](err); !ok {
		t.Errorf("it is a %T", err)
	}
}

// TestALockThatWasPerhapsTakenIsGivenBack loses every answer to LOCK, after the server got it.
func TestALockThatWasPerhapsTakenIsGivenBack(t *testing.T) {
	for _, unlocks := range []bool{true, false} {
		server := &ledgertest.Server{Manner: ledgertest.Reference}
		o := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == "LOCK" || r.Method == "UNLOCK" && !unlocks {
				if r.Method == "LOCK" {
					server.ServeHTTP(httptest.NewRecorder(), r)
				}
				w.WriteHeader(http.StatusInternalServerError)
				return
			}
			server.ServeHTTP(w, r)
		}))
		_, err := newHome(t, o).Lock(t.Context(), ledger.Holder{ID: "7", Who: "ann"})
		wantError(t, err, "500")
		if says := strings.Contains(err.Error(), "riveter ledger unlock 7"); says == unlocks {
			t.Errorf("unlocked %v: %v", unlocks, err)
		}
		direct := serve(t, server)
		_, err = newHome(t, direct).Lock(t.Context(), ledger.Holder{ID: "8"})
		if (err == nil) != unlocks {
			t.Errorf("unlocked %v, then %v", unlocks, err)
		}
	}
}

func TestALockIsReleasedByHand(t *testing.T) {
	says := map[ledgertest.Manner]string{
		ledgertest.Reference: `"ann" holds it (lock "7")`,
		ledgertest.GitLab:    `"ann" holds it (lock "7")`,
		ledgertest.Gitea:     `the server says "lock ID mismatch`,
	}
	for _, manner := range manners {
		home := newHome(t, in(manner, serve(t, &ledgertest.Server{Manner: manner})))
		_, err := home.Lock(t.Context(), ledger.Holder{ID: "7", Who: "ann"})
		check(t, err)
		wantError(t, home.(ledger.Unlocker).Unlock(t.Context(), "8"), "unlock ledger", `"8" is not the id of its lock`, says[manner])
		check(t, home.(ledger.Unlocker).Unlock(t.Context(), "7"))
		lease, err := home.Lock(t.Context(), ledger.Holder{ID: "9"})
		check(t, err)
		check(t, lease.Release(t.Context()))
	}
}

func TestCredentialsAreNotExposed(t *testing.T) {
	secret := HTTPOptions{Username: "ci", Password: "sesame"}
	for address, o := range map[string]HTTPOptions{
		"http://git.example/state": secret, "http://u:sesame@git.example/state": {}, "http://10.0.0.7/state": secret,
		"http://git.example/other?token=sesame": {Headers: http.Header{"Private-Token": {"sesame"}}},
	} {
		o.Address = address
		_, err := HTTP(o)
		wantError(t, err, "plain HTTP", "allow_insecure_http")
		if strings.Contains(err.Error(), "sesame") {
			t.Errorf("%s says it", err)
		}
		o.AllowInsecure = true
		if home := newHome(t, o); strings.Contains(home.String(), "sesame") {
			t.Errorf("%s says it", home)
		}
	}
	for _, address := range []string{"https://git.example/", "http://localhost:3000/", "http://127.0.0.1/", "http://[::1]/"} {
		secret.Address = address
		newHome(t, secret)
	}
	for _, address := range []string{"", "git.example/state", "ftp://git.example/", "http://", "http://a b/"} {
		_, err := HTTP(HTTPOptions{Address: address})
		wantError(t, err, "begins with http:// or https://")
	}
}

func TestErrorsOfTheConnectionDoNotSayTheAddress(t *testing.T) {
	home := newHome(t, HTTPOptions{Address: "http://u:sesame@127.0.0.1:1/?token=sesame", Wait: time.Millisecond})
	_, err := home.Load(t.Context())
	_, locking := home.Lock(t.Context(), ledger.Holder{ID: "7"})
	for _, err := range []error{err, locking} {
		if err == nil || strings.Contains(err.Error(), "sesame") || strings.Contains(err.Error(), "unlock") {
			t.Errorf("error %v", err)
		}
	}
}
