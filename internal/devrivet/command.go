package devrivet

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// command starts a registry, in its folder.
type command struct {
	argv []string
	from string // what says so, for people
}

// usualEntry is what node runs where nothing says what starts a registry.
const usualEntry = "server.mjs"

// scripts are those of a package.json that may start a registry, the first one first. Where the first ones start a frontend
// beside it, as those of RivetKit's examples do, the others start it alone.
func scripts() []string { return []string{"dev", "start", "dev:server", "dev:backend"} }

// runners are those that run a file of JavaScript or TypeScript.
func runners() []string { return []string{"node", "tsx", "bun", "deno", "ts-node"} }

// chooseCommand decides how a registry is started: as somebody says, as its own project starts it, or with node.
func chooseCommand(dir, node, said string, m manifest) (command, error) {
	if said != "" {
		return command{shellCommand(said), "-registry-command"}, nil
	}
	for _, name := range scripts() {
		if script := m.Scripts[name]; runsFile(script) {
			return command{shellCommand(script), "the script " + name}, nil
		}
	}
	entry, from := usualEntry, usualEntry
	if m.Main != "" {
		entry, from = m.Main, "main"
	}
	if _, err := os.Stat(filepath.Join(dir, entry)); err != nil {
		return command{}, fmt.Errorf("nothing says how the registry in %s is started: there is no file %s, and none of the scripts %s of its package.json runs a file; say -registry-command",
			dir, entry, strings.Join(scripts(), ", "))
	}
	return command{[]string{node, filepath.Join(dir, entry)}, from}, nil
}

func shellCommand(line string) []string { return []string{shell, "-c", line} }

// runsFile reports whether a script does nothing but run one program with a file.
func runsFile(script string) bool {
	words := strings.Fields(script)
	for len(words) > 0 && (strings.Contains(words[0], "=") || words[0] == "cross-env" || words[0] == "npx") {
		words = words[1:]
	}
	return len(words) > 1 && slices.Contains(runners(), words[0]) && !strings.ContainsAny(script, "&|;<>`$()")
}

// binaries is a PATH with the programs of the registry's packages first, as npm has it for scripts.
func binaries(dir, path string) string {
	var folders []string
	for at := dir; ; at = filepath.Dir(at) {
		folders = append(folders, filepath.Join(at, "node_modules", ".bin"))
		if at == filepath.Dir(at) {
			break
		}
	}
	return strings.Join(append(folders, path), string(filepath.ListSeparator))
}

// tell says in one line what was chosen.
func (c command) tell(progress io.Writer) {
	if progress == nil {
		return
	}
	words := c.argv
	if words[0] == shell {
		words = words[2:]
	}
	fmt.Fprintf(progress, "The registry is started with %s (%s).\n", strings.Join(words, " "), c.from)
}
