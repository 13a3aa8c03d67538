package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"maps"
	"slices"
	"time"
)

// tarball returns the archive that npm would make of a package, which depends on nothing but what is in it.
func tarball(files map[string][]byte, executable string) ([]byte, error) {
	var archive bytes.Buffer
	zipped, err := gzip.NewWriterLevel(&archive, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	err = errors.Join(writeTar(zipped, files, executable), zipped.Close())
	return archive.Bytes(), err
}

func writeTar(to io.Writer, files map[string][]byte, executable string) error {
	archive := tar.NewWriter(to)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		header := &tar.Header{
			Name: "package/" + name, Size: int64(len(files[name])), Mode: 0o644,
			ModTime: time.Date(1985, time.October, 26, 8, 15, 0, 0, time.UTC), // as npm has it
		}
		if name == executable {
			header.Mode = 0o755
		}
		if err := archive.WriteHeader(header); err != nil {
			return err
		}
		if _, err := archive.Write(files[name]); err != nil {
			return err
		}
	}
	return archive.Close()
}
