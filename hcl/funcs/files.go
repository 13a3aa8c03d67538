package funcs

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// files are the functions that read files, and those of paths.
func files(outside Outside) map[string]function.Function {
	read := outside.ReadFile
	return map[string]function.Function{
		"abspath":          outside.foundPath(absolute),
		"basename":         ofPath(func(path string) (string, error) { return filepath.Base(path), nil }),
		"dirname":          ofPath(func(path string) (string, error) { return filepath.Dir(path), nil }),
		"file":             ofPath(func(path string) (string, error) { return readText(read, path) }),
		"filebase64":       hashFile(read, nil, base64.StdEncoding.EncodeToString),
		"filebase64sha256": hashFile(read, sha256.New, base64.StdEncoding.EncodeToString),
		"filebase64sha512": hashFile(read, sha512.New, base64.StdEncoding.EncodeToString),
		"fileexists":       fileExists(read),
		"filemd5":          hashFile(read, md5.New, hex.EncodeToString),
		"filesha1":         hashFile(read, sha1.New, hex.EncodeToString),
		"filesha256":       hashFile(read, sha256.New, hex.EncodeToString),
		"filesha512":       hashFile(read, sha512.New, hex.EncodeToString),
		"fileset":          fileSet(outside),
	}
}

// ofPath makes a function of a path that gives a string.
func ofPath(convert func(string) (string, error)) function.Function { return ofNamed("path", convert) }

func absolute(path string) (string, error) {
	path, err := filepath.Abs(path)
	return filepath.ToSlash(path), err
}

func expandHome(path string, env func(string) (string, bool)) (string, error) {
	if !strings.HasPrefix(path, "~") {
		return path, nil
	}
	if len(path) > 1 && path[1] != '/' {
		return "", errors.New("~ is the home of whoever runs this, and that of another user is not looked for: write the path")
	}
	if env != nil {
		for _, name := range []string{"HOME", "USERPROFILE"} {
			if home, ok := env(name); ok {
				return filepath.Join(home, path[1:]), nil
			}
		}
	}
	return "", errors.New("there is no home directory, as HOME is not set")
}

func readText(read func(string) ([]byte, error), path string) (string, error) {
	content, err := readFile(read, path)
	if err == nil && !utf8.Valid(content) {
		err = fmt.Errorf("the file %q is not UTF-8 text; use filebase64 for other content", path)
	}
	return string(content), err
}

// readFile words the usual errors for people.
func readFile(read func(string) ([]byte, error), path string) ([]byte, error) {
	content, err := read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no file %q. Paths are relative to the working directory, and ${path.module} is the folder of the configuration", path)
	}
	if err != nil {
		return nil, fmt.Errorf("the file %q cannot be read: %w", path, err)
	}
	return content, nil
}

// hashFile encodes the content of a file, or with an algorithm its hash.
func hashFile(read func(string) ([]byte, error), algorithm func() hash.Hash, encode func([]byte) string) function.Function {
	return ofPath(func(path string) (string, error) {
		content, err := readFile(read, path)
		switch {
		case err != nil:
			return "", err
		case algorithm == nil:
			return encode(content), nil
		default:
			return digest(algorithm, encode, content), nil
		}
	})
}

func fileExists(read func(string) ([]byte, error)) function.Function {
	return function.New(&function.Spec{
		Params:       []function.Parameter{{Name: "path", Type: cty.String}},
		Type:         function.StaticReturnType(cty.Bool),
		RefineResult: notNull,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			_, err := read(args[0].AsString())
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return cty.NilVal, function.NewArgError(0, err)
			}
			return cty.BoolVal(err == nil), nil
		},
	})
}
