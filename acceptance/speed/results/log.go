package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// A Log is a file to which each measurement is added when it is there, so that an interrupted run keeps what it has.
// It is for one at a time.
type Log struct {
	Results
	file *os.File // nil where nothing is kept
}

// Open opens the log of a file, which need not be there; without a path nothing is kept. A line that was being written when its
// run was killed is taken away.
func Open(path string) (*Log, error) {
	if path == "" {
		return &Log{}, nil
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(file)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	whole := content[:bytes.LastIndexByte(content, '\n')+1]
	all, err := Parse(whole)
	if err == nil {
		err = file.Truncate(int64(len(whole)))
	}
	if err == nil {
		_, err = file.Seek(0, io.SeekEnd)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), file.Close())
	}
	return &Log{all, file}, nil
}

// Parse reads the lines of one or more logs.
func Parse(lines []byte) (Results, error) {
	var all Results
	for decoder := json.NewDecoder(bytes.NewReader(lines)); ; {
		var r Record
		switch err := decoder.Decode(&r); {
		case errors.Is(err, io.EOF):
			return all, nil
		case err != nil:
			return nil, fmt.Errorf("after %d measurements: %w", len(all), err)
		}
		all = append(all, r)
	}
}

// Add adds a measurement.
func (l *Log) Add(r Record) error {
	l.Results = append(l.Results, r)
	if l.file == nil {
		return nil
	}
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = l.file.Write(append(line, '\n'))
	return err
}

// Close closes the file.
func (l *Log) Close() error {
	if l.file == nil {
		return nil
	}
	return l.file.Close()
}
