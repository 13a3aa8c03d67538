package devrivet

import (
	"context"
	_ "embed"
	"os"
	"os/exec"
	"strconv"
)

//go:embed end.sh
var endScript string

//go:embed tether.sh
var tetherScript string

// A guard is a shell that does something when nobody holds the other end of its standard
// input any more, or when one who holds it says a line.
type guard struct {
	hold  *os.File
	shell *exec.Cmd
}

// startGuard starts a guard with its argument. What becomes of ctx does not matter to it.
func startGuard(ctx context.Context, name, script, arg string) (*guard, error) {
	end, hold, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer end.Close()
	cmd := exec.CommandContext(context.WithoutCancel(ctx), shell, "-c", script, name, arg)
	cmd.Stdin = end
	ownGroup(cmd)
	if err := cmd.Start(); err != nil {
		hold.Close()
		return nil, err
	}
	return &guard{hold, cmd}, nil
}

// dismiss says the line, and waits until the guard has ended. It is called once.
func (g *guard) dismiss() error {
	defer g.hold.Close()
	if _, err := g.hold.WriteString("\n"); err != nil {
		return err
	}
	return g.shell.Wait()
}

// Tether sees to it that a program which we have started ends when we are killed, with what it
// has started. Who has waited for the end of the program releases it.
func Tether(ctx context.Context, pid int) (release func(), err error) {
	g, err := startGuard(ctx, "tether", endScript+tetherScript, strconv.Itoa(pid))
	if err != nil {
		return nil, err
	}
	return func() { _ = g.dismiss() }, nil // it fails where the guard is gone
}
