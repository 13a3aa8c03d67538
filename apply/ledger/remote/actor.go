package remote

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"riveter/apply/ledger"
)

const (
	// actorAddress stands for the actor: its transport knows where it is.
	actorAddress = "http://ledger/"
	// partSize is how much of a document or journal goes in one request, in bytes. The gateway takes 20 MiB.
	partSize = 4 << 20
	// appendTimeout bounds how long a record waits for the actor, which may have to be started again.
	appendTimeout = 2 * time.Minute
	// leaseTime is how long a lock lasts that is not renewed, which it is three times as often.
	leaseTime = 30 * time.Second
)

// ActorOptions say which actor keeps a ledger. All but Draft, Lease, Waiting and Wait are required.
type ActorOptions struct {
	Name      string            // of the actor, for people
	Transport http.RoundTripper // makes requests to the actor's own HTTP handler, whatever the host of the URL
	Token     string            // that its routes need
	Version   string            // of this program, for the information of the lock
	Draft     string            // path of the file on this machine that has records a moment before the actor; default: each waits for the actor
	Lease     time.Duration     // whole seconds; default: 30 s
	Waiting   func(what string) // told, as a sentence, of a request that takes longer than five seconds; may be nil
	Wait      time.Duration     // before a request that may be repeated is made a second time; default: half a second
}

// Actor returns the home of a ledger that an actor keeps, with its journal, as examples/ledger defines it.
func Actor(o ActorOptions) ledger.Home {
	o.Lease = cmp.Or(o.Lease, leaseTime)
	return &actorHome{options: o, exchanger: &exchanger{
		name: o.Name, client: &http.Client{Transport: o.Transport, CheckRedirect: staysAtHost}, wait: o.Wait, waiting: o.Waiting,
		authorize: func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+o.Token) },
	}}
}

type actorHome struct {
	*exchanger
	options ActorOptions
	marked  atomic.Bool // the gateway has marked an answer as the actor's, as it does with all of them if its runtime is not an old one
}

// ask makes a request that may be repeated. A success that is not the actor's is none.
func (h *actorHome) ask(ctx context.Context, method, address string, header http.Header, body []byte) (*answer, error) {
	a, err := h.repeated(ctx, method, address, header, body)
	switch {
	case err != nil:
	case a.header.Get("X-Rivet-Actor") != "":
		h.marked.Store(true)
	case h.marked.Load() && a.status >= http.StatusOK && a.status < http.StatusMultipleChoices:
		a.status = statusForeign
	}
	return a, err
}

// done is the answer to a write that was made: nothing else is said in it.
func (a *answer) done() bool { return a.status == http.StatusOK && len(a.body) == 0 }

func (h *actorHome) String() string { return h.options.Name }

// Files implements [ledger.OnDisk].
func (h *actorHome) Files() []string {
	if h.options.Draft == "" {
		return nil
	}
	return []string{h.options.Draft}
}

// Load returns the document, which is compressed at the actor, unless Terraform or somebody by hand has put one there.
func (h *actorHome) Load(ctx context.Context) ([]byte, error) {
	data, err := h.get(ctx, "")
	if err != nil || !bytes.HasPrefix(data, []byte("\x1f\x8b")) {
		return data, err
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(unpacked, maxAnswer))
}

// get returns a file of the actor's in whole, nil where there is none. One that is replaced meanwhile is read again.
func (h *actorHome) get(ctx context.Context, file string) ([]byte, error) {
	var data []byte
	for total := int64(-1); total < 0 || int64(len(data)) < total; {
		from := int64(len(data))
		a, err := h.ask(ctx, http.MethodGet, actorAddress+file, http.Header{"Range": {bytesRange("bytes=", from, from+partSize)}}, nil)
		switch {
		case err != nil:
			return nil, err
		case a.status == http.StatusNoContent && from == 0:
			return nil, nil
		case a.status != http.StatusPartialContent:
			return nil, h.err(a)
		}
		var first, last, size int64
		if _, err := fmt.Sscanf(a.header.Get("Content-Range"), "bytes %d-%d/%d", &first, &last, &size); err != nil || first != from || a.check() != nil {
			return nil, fmt.Errorf("the actor's answer is not what was asked for: %q", a.header.Get("Content-Range"))
		}
		if total >= 0 && size < total { // another document by now
			data, total = nil, -1
			continue
		}
		data, total = append(data, a.body...), size
	}
	return data, nil
}

// err says of an answer that it is none which a request has, or that it is not the actor's.
func (h *actorHome) err(a *answer) error {
	switch a.status {
	case http.StatusUnauthorized:
		return errors.New("the actor refuses the token of the ledger (401)")
	case http.StatusOK: // without what the actor says with it
		return (&answer{status: statusForeign}).err()
	}
	return a.err()
}

// Save sends the document part by part; the actor takes it when it has the last one.
func (h *actorHome) Save(ctx context.Context, lease ledger.Lease, write func(io.Writer) error) error {
	var b bytes.Buffer
	packed := gzip.NewWriter(&b)
	if err := write(packed); err != nil {
		return err
	}
	if err := packed.Close(); err != nil {
		return err
	}
	total := int64(b.Len())
	for from := int64(0); from < total; {
		part := b.Next(partSize)
		to := from + int64(len(part))
		header := http.Header{"Content-Range": {bytesRange("bytes ", from, to) + "/" + strconv.FormatInt(total, 10)}}
		if err := h.write(ctx, lease, http.MethodPost, "", header, part); err != nil {
			return err
		}
		from = to
	}
	return nil
}

// write makes a request that the actor takes of the holder of the lock only. Each of them may be repeated.
func (h *actorHome) write(ctx context.Context, lease ledger.Lease, method, file string, header http.Header, body []byte) error {
	if header == nil {
		header = http.Header{}
	}
	held, _ := lease.(*actorLease)
	if held != nil {
		header.Set("Riveter-Fence", held.fence)
	}
	a, err := h.ask(ctx, method, actorAddress+file, header, body)
	switch {
	case err != nil:
		return err
	case a.done():
		return nil
	case a.status == http.StatusConflict && held != nil:
		held.lose(a.body)
		return held.Err()
	case a.status == http.StatusConflict:
		return h.locked(a)
	case a.status == http.StatusPreconditionFailed:
		return fmt.Errorf("what %s has is not as this run left it: another one has written to it", h)
	default:
		return h.err(a)
	}
}

func (h *actorHome) locked(a *answer) error {
	holder, text := parseHolder(a.body)
	return &ledger.LockedError{Ledger: h.String(), Holder: holder, Text: text, Remote: true, Lasts: h.options.Lease}
}

func (h *actorHome) Lock(ctx context.Context, holder ledger.Holder) (ledger.Lease, error) {
	lease := &actorLease{home: h, info: newLockInfo(holder, h.options.Version), lost: make(chan struct{})}
	a, err := lease.take(ctx)
	if err != nil {
		return nil, fmt.Errorf("lock ledger %s: %w", h, err)
	}
	switch {
	case a.status == http.StatusOK && a.header.Get("Riveter-Fence") != "":
		lease.fence = a.header.Get("Riveter-Fence")
		lease.predecessor, _ = parseHolder(a.body)
		lease.keep(context.WithoutCancel(ctx))
		return lease, nil
	case a.status == http.StatusLocked:
		return nil, h.locked(a)
	default:
		return nil, fmt.Errorf("lock ledger %s: %w", h, h.err(a))
	}
}

// Unlock implements [ledger.Unlocker].
func (h *actorHome) Unlock(ctx context.Context, id string) error {
	a, err := h.ask(ctx, "UNLOCK", actorAddress, nil, newLockInfo(ledger.Holder{ID: id}, h.options.Version))
	switch {
	case err == nil && a.done():
		return nil
	case err == nil && a.status == http.StatusConflict:
		holder, text := parseHolder(a.body)
		return &ledger.OtherLockError{Ledger: h.String(), ID: id, Holder: holder, Text: text}
	case err == nil:
		err = h.err(a)
	}
	return fmt.Errorf("unlock ledger %s: %w", h, err)
}

func (h *actorHome) Journal(lease ledger.Lease) ledger.Journal { return &actorJournal{h, lease} }
