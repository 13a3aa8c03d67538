package ledger

import "fmt"

// versionError says that a file has a version that cannot be read.
type versionError struct{ version, newest int }

func (e *versionError) Error() string {
	if e.version > e.newest {
		return fmt.Sprintf("version %d is of a newer riveter, and this one knows none after %d: use the newer one",
			e.version, e.newest)
	}
	return fmt.Sprintf("there never was a version %d", e.version)
}
