package client

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// checkRetry is go-retryablehttp's question after each attempt. It keeps what the
// attempt ended with in x.err.
func (x *exchange) checkRetry(ctx context.Context, _ *http.Response, err error) (bool, error) {
	x.err = x.outcome(ctx, err)
	if x.err == nil {
		x.note(ctx, false)
		return false, nil
	}
	again := ctx.Err() == nil && mayRepeat(x.err, x.request) && !isPermanent(ctx, err)
	if x.err.delivery == InDoubt && x.doubted.IsZero() {
		x.doubted = x.began
	}
	x.before = worse(x.before, x.err.delivery)
	x.err.delivery = x.before
	x.recall()
	x.note(ctx, again)
	return again, nil
}

// recall keeps what an attempt was answered, and adds it to the error of one that is not: that may be the better reason.
func (x *exchange) recall() {
	switch {
	case x.err.Code != "":
		told := *x.err
		told.Method = "" // which is said
		x.told = &told
	case x.err.Status == 0 && x.told != nil:
		x.err.Err = fmt.Errorf("%w; the answer before was %w", x.err.Err, x.told)
	}
}

// worse joins what two attempts at one request leave open: once in doubt, a later
// refused connection settles nothing.
func worse(a, b Delivery) Delivery {
	switch {
	case a == Delivered || b == Delivered:
		return Delivered
	case a == InDoubt || b == InDoubt:
		return InDoubt
	default:
		return NotDelivered
	}
}

// mayRepeat decides by meaning, never by status: what surely did not reach the actor
// may be sent again if that can help; what is in doubt only if it does no harm.
func mayRepeat(e *Error, r request) bool {
	switch e.delivery {
	case Delivered:
		return r.safe && e.Code == "" // the answer was torn
	case InDoubt:
		return r.safe && (!e.isRefusal() || e.Code != "")
	default:
		return e.Status == 0 || e.passes() || r.creates && errors.Is(e, ErrExists) || r.safe && e.is("actor", "destroyed_during_creation")
	}
}

// isPermanent asks go-retryablehttp's own list: certificates that are not trusted,
// schemes and headers that are not valid.
func isPermanent(ctx context.Context, err error) bool {
	if _, ok := errors.AsType[*url.Error](err); !ok {
		return false
	}
	again, _ := retryablehttp.DefaultRetryPolicy(ctx, nil, err)
	return !again
}

func (x *exchange) backoff(_, _ time.Duration, attempt int, _ *http.Response) time.Duration {
	return x.wait(attempt, x.answer.header)
}

// maxRetryAfter bounds how long a server can make us wait.
const maxRetryAfter = 30 * time.Second

// retryWait honours Retry-After, and else waits longer each time.
func (c *Client) retryWait(attempt int, header http.Header) time.Duration {
	if header.Get("Retry-After") != "" {
		told := retryablehttp.DefaultBackoff(0, 0, 0, &http.Response{StatusCode: http.StatusTooManyRequests, Header: header})
		return min(told, maxRetryAfter)
	}
	return c.wait(retryPace, attempt)
}

// pace is an exponential schedule of waits.
type pace struct{ first, most time.Duration }

var (
	retryPace     = pace{100 * time.Millisecond, 5 * time.Second}
	pollPace      = pace{50 * time.Millisecond, time.Second}
	reconnectPace = pace{250 * time.Millisecond, 30 * time.Second}
)

// wait is how long to wait after the given attempt, counted from 0: half of it
// certain, half of it by chance, so that many clients do not come back as one.
func (c *Client) wait(p pace, attempt int) time.Duration {
	if c.backoff != nil {
		return c.backoff(attempt)
	}
	d := p.most
	if attempt < 30 {
		d = min(p.first<<attempt, p.most)
	}
	return d/2 + rand.N(d/2+1)
}

// pause waits for d, or until ctx ends and returns why.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
