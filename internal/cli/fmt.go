package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	hcl2 "github.com/hashicorp/hcl/v2"
	"github.com/urfave/cli/v2"

	"riveter/hcl"
	"riveter/internal/atomicfile"
	"riveter/internal/cli/screen"
	"riveter/internal/operate"
	"riveter/plan/view/diff"
)

// formatter is a run of fmt.
type formatter struct {
	app     *app
	screen  screen.Screen
	check   bool
	diff    bool
	recurse bool

	changed bool
	failed  bool
}

func (a *app) fmtCommand() *cli.Command {
	f := &formatter{app: a}
	view := viewOptions{}
	return &cli.Command{
		Name:        "fmt",
		Usage:       "write files in canonical format, and list those that changed; - is standard input",
		ArgsUsage:   "[PATH... or -]",
		Description: "Only white space changes. Files in JSON have no canonical format. The exit code with -check is 3 where something differs.",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "check", Usage: "write nothing, and exit with 3 when something differs", Destination: &f.check},
			&cli.BoolFlag{Name: "diff", Usage: "show what differs", Destination: &f.diff},
			&cli.BoolFlag{Name: "recursive", Usage: "go into subdirectories", Destination: &f.recurse},
			noColorFlag(&view),
		},
		Action: func(c *cli.Context) error {
			f.screen = a.newScreen(view)
			return f.run(c.Args().Slice())
		},
	}
}

func (f *formatter) run(paths []string) error {
	if len(paths) == 0 {
		paths = []string{"."}
	}
	for _, path := range paths {
		if err := f.path(path); err != nil {
			f.show(operate.Diagnose(err), nil)
		}
	}
	switch {
	case f.failed:
		return exit(exitError)
	case f.check && f.changed:
		return exit(exitUnformatted)
	default:
		return nil
	}
}

func (f *formatter) show(diags hcl2.Diagnostics, files map[string]*hcl2.File) {
	f.screen.Diagnostics(diags, files)
	f.failed = f.failed || diags.HasErrors()
}

func (f *formatter) path(path string) error {
	if path == "-" {
		return f.standardInput()
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return operate.Problemf("Nothing to format", "There is no file or directory %q.", path)
	case err != nil:
		return err
	case info.IsDir():
		return filepath.WalkDir(path, func(name string, entry fs.DirEntry, err error) error { return f.entry(path, name, entry, err) })
	case !hcl.IsFormattable(path):
		return operate.Problemf("Nothing to format", "%q has no canonical format: its name ends neither in .rivet.hcl nor in .rivetvars.hcl.", path)
	default:
		return f.file(path)
	}
}

// entry formats what a directory has, hidden files and directories left out.
func (f *formatter) entry(root, name string, entry fs.DirEntry, err error) error {
	hidden := strings.HasPrefix(entry.Name(), ".") && name != root
	switch {
	case err != nil:
		return err
	case entry.IsDir() && name != root && (hidden || !f.recurse):
		return fs.SkipDir
	case entry.IsDir() || hidden || !hcl.IsFormattable(name):
		return nil
	default:
		return f.file(name)
	}
}

func (f *formatter) file(name string) error {
	source, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	formatted, ok := f.format(source, name)
	if !ok || bytes.Equal(formatted, source) {
		return nil
	}
	f.changed = true
	f.screen.Result(name)
	if f.diff {
		f.screen.Result(string(bytes.TrimSuffix(diff.Unified("old/"+name, "new/"+name, string(source), string(formatted)), []byte("\n"))))
	}
	if f.check {
		return nil
	}
	return replaceFile(name, formatted)
}

func (f *formatter) standardInput() error {
	source, err := io.ReadAll(f.app.env.Stdin)
	if err != nil {
		return fmt.Errorf("read standard input: %w", err)
	}
	formatted, ok := f.format(source, "standard input")
	if !ok {
		return nil
	}
	f.changed = f.changed || !bytes.Equal(formatted, source)
	if f.diff {
		formatted = diff.Unified("old", "new", string(source), string(formatted))
	}
	if f.diff || !f.check {
		_, err = f.app.env.Stdout.Write(formatted)
	}
	return err
}

// format shows what is wrong with a file that cannot be formatted.
func (f *formatter) format(source []byte, name string) ([]byte, bool) {
	formatted, diags := hcl.Format(source, name)
	if diags.HasErrors() {
		file, _ := hcl.Parse(source, name)
		f.show(diags, map[string]*hcl2.File{name: file})
	}
	return formatted, !diags.HasErrors()
}

// replaceFile writes a file anew, so that a crash leaves the old or the new one. Its mode stays.
func replaceFile(name string, data []byte) error {
	name, err := filepath.EvalSymlinks(name)
	if err != nil {
		return err
	}
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	return atomicfile.Write(name, info.Mode().Perm(), func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}
