package connect

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"sync"
	"time"

	hcl2 "github.com/hashicorp/hcl/v2"

	"riveter/internal/operate"
	"riveter/internal/redact"
)

const (
	paramsLimit    = 30 * time.Second // for the program to end
	maxParamsBytes = 1 << 20
)

// paramsCommand takes connection parameters from a program. It is run when they are first needed, and again when an actor
// has refused them. All that the program prints is secret.
type paramsCommand struct {
	command []string
	place   hcl2.Range
	environ []string
	stderr  io.Writer
	secrets *redact.Set

	mu         sync.Mutex
	generation int
	fresh      bool // params are those of this generation
	params     any
}

// Params implements target.ParamsSource.
func (c *paramsCommand) Params(ctx context.Context) (params any, generation int, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.fresh {
		if c.params, err = c.run(ctx); err != nil {
			return nil, c.generation, operate.At(c.place, "Connection parameters are missing", err)
		}
		c.fresh = true
	}
	return c.params, c.generation, nil
}

// Refused implements target.ParamsSource.
func (c *paramsCommand) Refused(generation int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if generation == c.generation {
		c.generation++
		c.fresh = false
	}
}

func (c *paramsCommand) run(ctx context.Context) (any, error) {
	ctx, cancel := context.WithTimeout(ctx, paramsLimit)
	defer cancel()
	var out limitedBuffer
	program := exec.CommandContext(ctx, c.command[0], c.command[1:]...)
	program.Env, program.Stdout, program.Stderr = c.environ, &out, c.stderr
	program.WaitDelay = time.Second
	err := program.Run()
	redact.Flush(c.stderr)
	switch {
	case ctx.Err() != nil && errors.Is(ctx.Err(), context.DeadlineExceeded):
		return nil, fmt.Errorf("the program %q did not end within %s", c.command[0], paramsLimit)
	case err != nil:
		return nil, fmt.Errorf("the program %q failed: %w", c.command[0], err)
	case out.overflow:
		return nil, fmt.Errorf("the program %q printed more than %d MiB", c.command[0], maxParamsBytes>>20)
	}
	var params any
	if json.Unmarshal(out.kept.Bytes(), &params) != nil { // the error would quote what is secret
		return nil, fmt.Errorf("what the program %q printed on its standard output is not JSON", c.command[0])
	}
	c.keep(params)
	return params, nil
}

// keep makes secrets of all texts and numbers.
func (c *paramsCommand) keep(v any) {
	switch v := v.(type) {
	case string:
		c.secrets.Add(v)
	case float64:
		c.secrets.Add(fmt.Sprint(v))
	case []any:
		for _, element := range v {
			c.keep(element)
		}
	case map[string]any:
		for _, member := range v {
			c.keep(member)
		}
	}
}

// limitedBuffer keeps as much as parameters may be long. It has no other way in than Write.
type limitedBuffer struct {
	kept     bytes.Buffer
	overflow bool
}

// Write implements io.Writer.
func (b *limitedBuffer) Write(data []byte) (int, error) {
	if b.kept.Len()+len(data) > maxParamsBytes {
		b.overflow = true
		return len(data), nil
	}
	return b.kept.Write(data)
}
