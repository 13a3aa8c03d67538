//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"riveter/acceptance/speed/results"
	"riveter/internal/devrivet"
)

// countedUpTo is the largest number of actors for which requests are counted, which takes as long as a round.
const countedUpTo = 1000

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
	if err := build(ctx, s.folder); err != nil {
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
		if n <= countedUpTo {
			if err := s.each(ctx, n, counting); err != nil {
				return err
			}
		}
	}
	return nil
}

// each lets the contenders follow each other, another one first in each round.
func (s suite) each(ctx context.Context, actors, round int) error {
	for i := range s.all {
		if err := s.attempt(ctx, s.all[(i+round)%len(s.all)], actors, round); err != nil {
			return err
		}
	}
	return nil
}

// attempt has the contender do each of its tasks in turn, on a Rivet of its own, until one fails.
func (s suite) attempt(ctx context.Context, c contender, actors, round int) error {
	if s.log.Done(results.Key{Contender: c.name, Task: c.tasks[len(c.tasks)-1], Size: actors}, round) {
		return nil
	}
	record := results.Record{Key: results.Key{Contender: c.name, Task: c.tasks[0], Size: actors}, Round: round}
	rivet, err := devrivet.Start(ctx, devrivet.Options{Registry: s.registry})
	if err != nil {
		return s.note(ctx, record, err)
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
	for _, record.Task = range c.tasks {
		way.requests.Store(0)
		spent, failure := spend(ctx, c.command(job{record.Task, actors, rivet.Folder(), way.endpoint}), rivet.Folder(), way.endpoint)
		if record.Requests = way.requests.Load(); round != counting {
			record.Cost = spent
		}
		if err := s.note(ctx, record, failure); err != nil || failure != nil {
			return err
		}
	}
	return nil
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
