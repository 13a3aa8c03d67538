package devrivet_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"riveter/internal/devrivet"
)

// endVariable makes the test binary a parent that starts a Rivet, says where, and ends in
// the way that the variable says.
const endVariable = "DEVRIVET_TEST_END"

func beParent(end string) {
	rivet, err := devrivet.Start(context.Background(), devrivet.Options{Registry: exampleRegistry})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(rivet.Endpoint())
	switch end {
	case "exits":
		os.Exit(0)
	case "panics":
		panic("as the test wants it")
	default:
		select {}
	}
}

func TestParentThatEndsWithoutStopLeavesNothing(t *testing.T) {
	tests := []struct {
		end    string
		signal os.Signal
	}{
		{end: "exits"},
		{end: "panics"},
		{"is interrupted", os.Interrupt},
		{"is killed", syscall.SIGKILL},
	}
	for _, test := range tests {
		t.Run(test.end, func(t *testing.T) {
			data := dataFolder(t)
			parent := exec.Command(os.Args[0])
			parent.Env = append(os.Environ(), endVariable+"="+test.end)
			printed, err := parent.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := parent.Start(); err != nil {
				t.Fatal(err)
			}
			endpoint, _ := bufio.NewReader(printed).ReadString('\n')
			endpoint = strings.TrimSpace(endpoint)
			if !strings.HasPrefix(endpoint, "http://") {
				t.Fatalf("the parent did not start a Rivet: %s", endpoint)
			}
			if test.signal != nil {
				if err := parent.Process.Signal(test.signal); err != nil {
					t.Fatal(err)
				}
			}
			_ = parent.Wait()
			// The folder goes last, when none of the programs holds it any more.
			eventually(t, func() bool { return leftIn(t, data) == nil })
			if answers(endpoint) {
				t.Error("the engine still answers")
			}
		})
	}
}

func eventually(t *testing.T, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !holds(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it did not happen in 20 s")
		}
	}
}
