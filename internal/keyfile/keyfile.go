// Package keyfile reads files with keys, and says nothing of a key that is given where the path of its file belongs.
package keyfile

import (
	"errors"
	"os"
	"regexp"
)

// secret matches the keys of age, and private ones in PEM.
var secret = regexp.MustCompile(`AGE-SECRET-KEY-|-BEGIN [A-Z ]*PRIVATE KEY-`)

// Read reads the file at a path. The error quotes no key.
func Read(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil && secret.MatchString(path) {
		return nil, errors.New("a key is given where the path of a file with it is wanted: write it to a file that only you can read, and name that")
	}
	return data, err
}
