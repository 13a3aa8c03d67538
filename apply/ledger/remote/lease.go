package remote

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"riveter/apply/ledger"
)

// actorLease is a lock that is renewed for as long as it is held.
type actorLease struct {
	home  *actorHome
	info  []byte
	fence string
	// predecessor is whose lock had run out.
	predecessor ledger.Holder

	stop context.CancelFunc
	done chan struct{}

	taking sync.Mutex // held while it is taken or renewed; guards taken
	taken  time.Time  // before which it surely was taken or renewed last

	once sync.Once
	lost chan struct{}
	err  error // set before lost is closed
}

// take takes the lock, or renews it.
func (l *actorLease) take(ctx context.Context) (*answer, error) {
	header := http.Header{"Riveter-Lease": {strconv.Itoa(int(l.home.options.Lease / time.Second))}}
	if l.fence != "" {
		header.Set("Riveter-Fence", l.fence)
	}
	began := time.Now()
	a, err := l.home.ask(ctx, "LOCK", actorAddress, header, l.info)
	if err == nil && a.status == http.StatusOK {
		if l.fence != "" && a.header.Get("Riveter-Fence") != l.fence {
			a.status = statusForeign
			return a, nil
		}
		l.taken = began
	}
	return a, err
}

// keep renews the lock until it is released or lost. A renewal without an answer is tried again: until the time is over, the
// lock is still there, and the fence keeps us out when it is not.
func (l *actorLease) keep(ctx context.Context) {
	ctx, stop := context.WithCancel(ctx)
	l.stop, l.done = stop, make(chan struct{})
	tick := time.NewTicker(l.home.options.Lease / 3)
	go func() {
		defer close(l.done)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-l.lost:
				return
			case <-tick.C:
				_ = l.renew(ctx, 0)
			}
		}
	}()
}

// Hold implements [ledger.Lease].
func (l *actorLease) Hold() error {
	if err := l.Err(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), appendTimeout)
	defer cancel()
	return l.renew(ctx, l.home.options.Lease/2)
}

// renew renews the lock unless that was done in this time.
func (l *actorLease) renew(ctx context.Context, within time.Duration) error {
	l.taking.Lock()
	defer l.taking.Unlock()
	if since(l.taken) < within {
		return nil
	}
	a, err := l.take(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("renew the lock: %w", err)
	case a.status == http.StatusConflict:
		l.lose(a.body)
		return l.Err()
	case a.status != http.StatusOK:
		return fmt.Errorf("renew the lock: %w", l.home.err(a))
	default:
		return nil
	}
}

// since is how long ago a moment was, by whichever clock says more: one stands still while the machine sleeps, and the other one
// can be set back.
func since(t time.Time) time.Duration {
	now := time.Now()
	return max(now.Sub(t), now.Round(0).Sub(t.Round(0)))
}

// lose takes in who has the lock now.
func (l *actorLease) lose(info []byte) {
	l.once.Do(func() {
		holder, _ := parseHolder(info)
		l.err = &ledger.LostError{Ledger: l.home.String(), Holder: holder}
		close(l.lost)
	})
}

func (l *actorLease) Release(ctx context.Context) error {
	l.stop()
	<-l.done
	select {
	case <-l.lost:
		return nil // it is somebody else's
	default:
	}
	a, err := l.home.ask(ctx, "UNLOCK", actorAddress, nil, l.info)
	if err == nil && !a.done() && a.status != http.StatusConflict {
		err = l.home.err(a)
	}
	if err != nil {
		return fmt.Errorf("unlock ledger %s: %w; the lock ends by itself within %s", l.home, err, l.home.options.Lease)
	}
	return nil
}

func (l *actorLease) Predecessor() ledger.Holder { return l.predecessor }

func (l *actorLease) Lost() <-chan struct{} { return l.lost }

func (l *actorLease) Err() error {
	select {
	case <-l.lost:
		return l.err
	default:
		return nil
	}
}
