//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"riveter/acceptance/speed/results"
	"riveter/internal/devrivet"
)

// A suite measures what its log does not have yet.
type suite struct {
	settings
	all []contender // of the contenders, those that take part
	log *results.Log
}

// compare measures everything, until it is done or the context ends.
func (s settings) compare(ctx context.Context, log *results.Log) (err error) {
	if s.folder, err = os.MkdirTemp("", "riveter-speed-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(s.folder)) }()
	if err := errors.Join(s.stayAwake(), build(ctx, s.folder)); err != nil {
		return err
	}
	all, err := s.contenders()
	if err != nil {
		return err
	}
	setup, err := s.setup(ctx, all)
	if err != nil {
		return err
	}
	if !log.Within(setup) {
		if err := log.Add(results.Record{At: time.Now(), Setup: &setup}); err != nil {
			return err
		}
	}
	return suite{s, all, log}.measure(ctx)
}

func (s suite) measure(ctx context.Context) error {
	for round := 1; round <= s.rounds; round++ {
		for _, n := range s.sizes {
			if err := s.each(ctx, n, round); err != nil {
				return err
			}
		}
		if err := s.alone(ctx, round); err != nil {
			return err
		}
	}
	for _, n := range s.sizes {
		if err := s.each(ctx, n, counting); err != nil {
			return err
		}
	}
	return nil
}

// each lets the contenders follow each other on one Rivet.
func (s suite) each(ctx context.Context, actors, round int) error {
	some := slices.DeleteFunc(order(s.all, round), func(c contender) bool {
		last := results.Key{Contender: c.name, Task: c.tasks[len(c.tasks)-1], Size: actors}
		return round == counting && !counted(c, actors) || s.log.Done(last, round)
	})
	if len(some) == 0 {
		return nil
	}
	rivet, err := devrivet.Start(ctx, devrivet.Options{Registry: s.registry, LostAfter: lostAfter})
	if err != nil {
		return err
	}
	defer func() { _ = rivet.Stop() }()
	if err := declare(rivet.Folder()); err != nil {
		return err
	}
	way, err := wayTo(rivet.Endpoint(), round)
	if err != nil {
		return err
	}
	defer way.close()
	for _, c := range some {
		if err := s.tasks(ctx, c, rivet.Folder(), way, results.Record{Key: results.Key{Size: actors}, Round: round}); err != nil {
			return err
		}
	}
	return nil
}

// order has each second round go the other way than the one before it, as an engine takes longer for an actor the more it has had.
// Another contender begins each two.
func order(all []contender, round int) []contender {
	first := max(round-1, 0) / 2 % len(all)
	turned := slices.Concat(all[first:], all[:first])
	if round%2 == 0 {
		slices.Reverse(turned)
	}
	return turned
}

// counted reports whether requests are worth counting, which takes as long as a round.
func counted(c contender, actors int) bool {
	compared := c.name == results.Riveter || c.name == results.Limit
	return actors <= 100 || compared && actors <= 1000
}

// tasks has the contender do each of its tasks in turn, until one fails; record is what measurements of them have in common.
func (s suite) tasks(ctx context.Context, c contender, folder string, way way, record results.Record) error {
	for _, record.Task = range c.tasks {
		for _, by := range s.takers(c, record.Task, record.Round) {
			record.Contender = by.name
			way.requests.Store(0)
			if err := rest(ctx); err != nil {
				return err
			}
			spent, failure := spend(ctx, by.command(job{record.Task, record.Size, c.name, folder, way.endpoint}), folder, way.endpoint)
			if record.Requests = way.requests.Load(); record.Round != counting {
				record.Cost = spent
			}
			if err := s.note(ctx, record, failure); err != nil || failure != nil {
				return err
			}
		}
	}
	return nil
}

// takers returns who does a task on the counters of a contender. Where riveter finds that all is there, the limit asks for the same, before
// it in every other round.
func (s suite) takers(c contender, t results.Task, round int) []contender {
	limit := slices.IndexFunc(s.all, func(c contender) bool { return c.name == results.Limit })
	if c.name != results.Riveter || limit < 0 || !slices.Contains(results.Asked, t) {
		return []contender{c}
	}
	both := []contender{c, s.all[limit]}
	if round%2 == 0 {
		slices.Reverse(both)
	}
	return both
}

// note keeps and tells what was measured. What was only interrupted is nothing.
func (s suite) note(ctx context.Context, record results.Record, failure error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if failure != nil {
		record.Failed = lastWords(failure)
	}
	record.At = time.Now()
	fmt.Fprintln(os.Stderr, record)
	return s.log.Add(record)
}

// lastWords is the end of an error in one line.
func lastWords(err error) string {
	const enough = 400
	said := strings.Join(strings.Fields(err.Error()), " ")
	return said[max(0, len(said)-enough):]
}
