//go:build !linux

package process

// growIntoHugePages is for Linux.
func growIntoHugePages() {}
