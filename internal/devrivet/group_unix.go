//go:build unix

package devrivet

import (
	"os/exec"
	"syscall"
)

const supported = true

// ownGroup gives the command a process group of its own, out of the terminal's reach.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

// killGroup ends what is left of a process group; that nothing is left is fine.
func killGroup(group int) {
	_ = syscall.Kill(-group, syscall.SIGKILL)
}
