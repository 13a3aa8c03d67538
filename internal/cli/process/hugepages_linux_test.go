package process

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestTheHeapIsToBeOfHugePages(t *testing.T) {
	if _, err := os.Stat("/sys/kernel/mm/transparent_hugepage"); err != nil || isLimited("/sys/fs/cgroup/memory.max") {
		t.Skip("this Linux has none, or little memory")
	}
	growIntoHugePages()
	maps, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(maps)) {
		if flags, ok := strings.CutPrefix(line, "VmFlags:"); ok && strings.Contains(flags, " hg ") {
			return
		}
	}
	t.Error("no memory is advised to be of huge pages")
}

func TestMemoryIsLimited(t *testing.T) {
	group := filepath.Join(t.TempDir(), "memory.max")
	for content, want := range map[string]bool{"": false, "max\n": false, "67108864\n": true, "536870911\n": true, "536870912\n": false} {
		if err := os.WriteFile(group, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := isLimited(group); got != want {
			t.Errorf("%q: %t", content, got)
		}
	}
	if isLimited(filepath.Join(t.TempDir(), "missing")) {
		t.Error("without a control group")
	}
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_AS, &before); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = syscall.Setrlimit(syscall.RLIMIT_AS, &before) }()
	if err := syscall.Setrlimit(syscall.RLIMIT_AS, &syscall.Rlimit{Cur: 1 << 40, Max: before.Max}); err != nil {
		t.Fatal(err)
	}
	if !isLimited(group) {
		t.Error("with a limit of addresses")
	}
}
