package client

import (
	"context"
	"log/slog"
	"time"
)

// note tells the logger how an attempt ended, and whether it may be followed by another.
func (x *exchange) note(ctx context.Context, again bool) {
	level := slog.LevelDebug
	if x.err != nil {
		level = slog.LevelWarn
	}
	if !x.log.Enabled(ctx, level) {
		return
	}
	attrs := []slog.Attr{
		slog.String("method", x.request.method), slog.String("path", x.request.shownPath()),
		slog.Int("status", x.answer.status), slog.Duration("took", time.Since(x.began)),
	}
	if ray := x.answer.header.Get("X-Rivet-Ray-Id"); ray != "" {
		attrs = append(attrs, slog.String("ray", printable(ray, 100)))
	}
	if x.err != nil {
		attrs = append(attrs, slog.Any("error", x.err), slog.String("delivery", x.err.delivery.String()), slog.Bool("again", again))
	}
	x.log.LogAttrs(ctx, level, "rivet request", attrs...)
}

// note tells the logger about a step of the connection.
func (c *Conn) note(of StatusChange) {
	attrs := []any{slog.String("status", string(of.Status)), slog.String("actor", c.ActorID())}
	if of.Err != nil {
		c.h.c.log.Warn("rivet connection", append(attrs, slog.Any("error", of.Err))...)
		return
	}
	c.h.c.log.Debug("rivet connection", attrs...)
}
