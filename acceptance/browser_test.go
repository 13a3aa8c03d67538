//go:build browser

package acceptance

import (
	"flag"
	"os/exec"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var screenshots = flag.String("screenshots", "", "folder for pictures of the page; none are kept where it is empty")

// TestThePageInABrowser needs Chromium, which is a package of the system's and not of Go's or npm's: hence the build tag.
func TestThePageInABrowser(t *testing.T) {
	t.Parallel()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("there is no chromium: install it, on Debian with apt-get install chromium")
	}
	testscript.Run(t, testscript.Params{
		Dir:  "browser",
		Cmds: commands,
		Setup: func(env *testscript.Env) error {
			env.Setenv("CHROMIUM", chromium)
			env.Setenv("SCREENSHOTS", *screenshots)
			return setup(env)
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}
