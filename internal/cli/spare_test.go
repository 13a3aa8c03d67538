package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// outlets are the ways to name a file that is written, as a run of a command uses them.
var outlets = map[string]func(w *world, path string) ran{
	"-out":       func(w *world, path string) ran { return w.run("plan", "-var-file=odd.hcl", "-out="+path) },
	"-json-into": func(w *world, path string) ran { return w.run("plan", "-var-file=odd.hcl", "-json-into="+path) },
	"-junit-xml": func(w *world, path string) ran { return w.run("verify", "-var-file=odd.hcl", "-junit-xml="+path) },
	"RIVETER_LOG_PATH": func(w *world, path string) ran {
		w.env.Environ = []string{"RIVETER_LOG=trace", "RIVETER_LOG_PATH=" + path}
		defer func() { w.env.Environ = nil }()
		return w.run("plan", "-var-file=odd.hcl")
	},
}

// spellings are the ways to name a file of the working directory.
var spellings = map[string]func(w *world, name string) string{
	"by its name":     func(_ *world, name string) string { return name },
	"with a dot":      func(_ *world, name string) string { return "./" + name },
	"there and back":  func(w *world, name string) string { return "../" + filepath.Base(w.dir) + "/" + name },
	"absolutely":      func(w *world, name string) string { return filepath.Join(w.dir, name) },
	"through a link":  func(w *world, name string) string { return linked(w, os.Symlink, name) },
	"by another name": func(w *world, name string) string { return linked(w, os.Link, name) },
	"through a folder": func(w *world, name string) string {
		if err := os.Symlink(w.dir, filepath.Join(w.dir, "folder")); err != nil && !os.IsExist(err) {
			w.Fatal(err)
		}
		return "folder/" + name
	},
}

func linked(w *world, link func(from, to string) error, name string) string {
	w.Helper()
	if err := link(name, "linked"); err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() { os.Remove("linked") })
	return "linked"
}

// What a run needs itself is not written over, however it is called.
func TestWhatARunNeedsIsKept(t *testing.T) {
	const configuration = "variable \"odd\" {}\nactor \"counter\" \"c\" {\n  key = [var.odd, file(\"side.txt\")]\n}\n"
	w := newWorld(t, map[string]string{
		"main.rivet.hcl": configuration, "riveter.rivetvars.hcl": "odd = 1\n", "odd.hcl": "odd = 2\n", "side.txt": "side",
	})
	t.Chdir(w.dir)
	w.run("apply", "-auto-approve", "-var-file=odd.hcl").ends(0)
	w.write("riveter.ledger.json.lock", "")
	for _, name := range []string{"main.rivet.hcl", "riveter.rivetvars.hcl", "odd.hcl", "side.txt", "riveter.ledger.json", "riveter.ledger.json.lock"} {
		before, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for how, spell := range spellings {
			for outlet, write := range outlets {
				t.Run(outlet+" "+name+" "+how, func(t *testing.T) {
					w := &world{T: t, rivet: w.rivet, dir: w.dir, env: w.env}
					write(w, spell(w, name)).ends(1).says("File is kept")
					if after, err := os.ReadFile(name); err != nil || string(after) != string(before) {
						t.Errorf("it is now %q, %v", after, err)
					}
				})
			}
		}
	}
}

// What does not exist yet is kept free all the same: a first ledger, and its journal.
func TestThePlaceOfALedgerIsKeptFree(t *testing.T) {
	w := newWorld(t, map[string]string{"main.rivet.hcl": "actor \"counter\" \"c\" {\n  key = \"c\"\n}\n", "odd.hcl": ""})
	t.Chdir(w.dir)
	if err := os.Symlink("riveter.ledger.json", "dangling"); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"riveter.ledger.json", "./riveter.ledger.json", "riveter.ledger.json.journal", "riveter.ledger.json.holder", "dangling"} {
		for outlet, write := range outlets {
			t.Run(outlet+" "+path, func(t *testing.T) {
				w := &world{T: t, rivet: w.rivet, dir: w.dir, env: w.env}
				write(w, path).ends(1).says("File is kept")
				if _, err := os.Stat(path); err == nil {
					t.Error("it is there")
				}
			})
		}
	}
}

func TestAnOutletThatCannotBeOpenedIsToldOnce(t *testing.T) {
	w := newWorld(t, map[string]string{"main.rivet.hcl": "actor \"counter\" \"c\" {\n  key = \"c\"\n}\n", "odd.hcl": ""})
	t.Chdir(w.dir)
	for outlet, write := range outlets {
		if ran := write(w, "nowhere/to").ends(1); strings.Count(ran.stderr, "no such file or directory") != 1 {
			t.Errorf("%s:\n%s", outlet, ran.stderr)
		}
	}
}

func TestAnOutletThatNothingNeedsIsWritten(t *testing.T) {
	w := newWorld(t, map[string]string{"main.rivet.hcl": "actor \"counter\" \"c\" {\n  key = \"c\"\n}\n", "odd.hcl": "", "to": "yesterday's"})
	t.Chdir(w.dir)
	for outlet, write := range outlets {
		for _, path := range []string{"new-" + outlet, "./to"} {
			ran := write(w, path)
			isLog := outlet == "RIVETER_LOG_PATH" // of requests, of which this server is sent none
			if info, err := os.Stat(path); err != nil || info.Size() == 0 && !isLog || outlet != "-junit-xml" && ran.code != 0 {
				t.Errorf("%s %s: %d, %v\n%s", outlet, path, ran.code, err, ran.stderr)
			}
		}
	}
}
