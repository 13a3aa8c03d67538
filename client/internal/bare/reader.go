package bare

import (
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf8"
)

// Reader reads a message from the front. It never reads past the end, and allocates no
// more than the message has bytes.
type Reader struct {
	rest []byte
	err  error
}

// NewReader returns a reader of data, of which the values that it returns may be parts.
func NewReader(data []byte) *Reader { return &Reader{rest: data} }

// Err returns the first error.
func (r *Reader) Err() error { return r.err }

// Close returns the first error, or one that tells of bytes that were left unread.
func (r *Reader) Close() error {
	if r.err == nil && len(r.rest) > 0 {
		r.fail(errors.New("trailing bytes"))
	}
	return r.err
}

// Uint reads a variable-length integer.
func (r *Reader) Uint() uint64 {
	n, size := binary.Uvarint(r.rest)
	switch {
	case r.err != nil:
		return 0
	case size == 0:
		return r.fail(io.ErrUnexpectedEOF)
	case size < 0:
		return r.fail(errors.New("integer of more than 64 bits"))
	case size > 1 && r.rest[size-1] == 0:
		return r.fail(errors.New("integer that is not in its shortest form"))
	}
	r.rest = r.rest[size:]
	return n
}

// U16 reads two bytes, the lower first.
func (r *Reader) U16() uint16 {
	b := r.take(2)
	if b == nil {
		return 0
	}
	return binary.LittleEndian.Uint16(b)
}

// U64 reads eight bytes, the lowest first.
func (r *Reader) U64() uint64 {
	b := r.take(8)
	if b == nil {
		return 0
	}
	return binary.LittleEndian.Uint64(b)
}

// Tag reads one byte, the number of a union's member.
func (r *Reader) Tag() byte {
	b := r.take(1)
	if b == nil {
		return 0
	}
	return b[0]
}

// Bool reads one byte, 0 or 1.
func (r *Reader) Bool() bool {
	b := r.Tag()
	if b > 1 {
		r.fail(errors.New("boolean that is neither 0 nor 1"))
	}
	return r.err == nil && b == 1
}

// Data reads bytes after their number.
func (r *Reader) Data() []byte {
	size := r.Uint()
	if size > uint64(len(r.rest)) {
		r.fail(io.ErrUnexpectedEOF)
		return nil
	}
	return r.take(int(size))
}

// Str reads UTF-8 text after its number of bytes.
func (r *Reader) Str() string {
	b := r.Data()
	if !utf8.Valid(b) {
		r.fail(errors.New("text that is not UTF-8"))
		return ""
	}
	return string(b)
}

// Optional reads with read if a value is present, and returns nil otherwise.
func Optional[T any](r *Reader, read func() T) *T {
	if !r.Bool() {
		return nil
	}
	v := read()
	if r.err != nil {
		return nil
	}
	return &v
}

// take returns the next n bytes, nil if there are fewer.
func (r *Reader) take(n int) []byte {
	if r.err != nil {
		return nil
	}
	if n > len(r.rest) {
		r.fail(io.ErrUnexpectedEOF)
		return nil
	}
	b := r.rest[:n:n]
	r.rest = r.rest[n:]
	return b
}

func (r *Reader) fail(err error) uint64 {
	if r.err == nil {
		r.err = err
	}
	return 0
}
