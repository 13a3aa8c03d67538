package devrivet

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestARegistryIsStartedAsItsOwnerStartsIt has scripts of RivetKit's own examples, and others.
func TestARegistryIsStartedAsItsOwnerStartsIt(t *testing.T) {
	t.Parallel()
	concurrently := `concurrently -n server,vite "tsx --watch src/index.ts" "vite"`
	for _, c := range []struct {
		name, said string
		manifest   manifest
		file       string
		want, from string // the last argument; nothing where it cannot be started
	}{
		{name: "said", said: "make run", manifest: manifest{Main: "x.js", Scripts: map[string]string{"dev": "tsx a.ts"}}, want: "make run", from: "-registry-command"},
		{name: "dev", manifest: manifest{Scripts: map[string]string{"start": "node b.js", "dev": "tsx --watch a.ts"}}, want: "tsx --watch a.ts", from: "the script dev"},
		{name: "start, since dev starts more", manifest: manifest{Scripts: map[string]string{"dev": concurrently, "start": "tsx src/index.ts"}}, want: "tsx src/index.ts", from: "the script start"},
		{name: "backend alone", manifest: manifest{Scripts: map[string]string{"dev": `concurrently "npm run dev:backend" "vite"`, "dev:backend": "tsx --watch src/backend/server.ts"}}, want: "tsx --watch src/backend/server.ts", from: "the script dev:backend"},
		{name: "with variables", manifest: manifest{Scripts: map[string]string{"dev": "NODE_ENV=development node --import tsx src/index.ts"}}, want: "NODE_ENV=development node --import tsx src/index.ts", from: "the script dev"},
		{name: "main", manifest: manifest{Main: "src/x.mjs", Scripts: map[string]string{"dev": "vite", "start": "tsx"}}, file: "src/x.mjs", want: "src/x.mjs", from: "main"},
		{name: "two programs", manifest: manifest{Scripts: map[string]string{"dev": "tsx a.ts && rm -rf x"}}, file: usualEntry, want: usualEntry, from: usualEntry},
		{name: "nothing", manifest: manifest{Scripts: map[string]string{"dev": "next dev"}}},
		{name: "a main that is not there", manifest: manifest{Main: "dist/x.js"}},
	} {
		dir := t.TempDir()
		if c.file != "" {
			path := filepath.Join(dir, c.file)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			c.want = path
		}
		got, err := chooseCommand(dir, "node", c.said, c.manifest)
		if c.want == "" {
			if err == nil || !strings.Contains(err.Error(), "-registry-command") {
				t.Errorf("%s: %v %v", c.name, got, err)
			}
			continue
		}
		if err != nil || got.argv[len(got.argv)-1] != c.want || got.from != c.from {
			t.Errorf("%s: %v %v", c.name, got, err)
		}
	}
}
