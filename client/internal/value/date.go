package value

import (
	"bytes"
	"encoding/binary"
	"math"

	"github.com/fxamacker/cbor/v2"
)

// InvalidDate is a JavaScript Date that holds no time, as new Date("nonsense") makes it.
type InvalidDate struct{}

// MarshalJSON writes null, as JavaScript does.
func (InvalidDate) MarshalJSON() ([]byte, error) { return []byte("null"), nil }

// MarshalCBOR keeps it what it is where it stands inside a Go struct.
func (InvalidDate) MarshalCBOR() ([]byte, error) {
	return goCBOR.Marshal(cbor.Tag{Number: tagInvalidDate})
}

// The first byte of an item of CBOR: its kind in three bits, and how its number is written.
const (
	kindBytes = 2
	kindText  = 3
	kindTag   = 6
	kindOther = 7

	dateTag   = kindTag<<5 | 1 // seconds since 1970
	undefined = kindOther<<5 | 23
)

// The codec reads dates of no time as the zero time, and undefined as null.
var (
	invalidDateMark = binary.BigEndian.AppendUint32([]byte{kindTag<<5 | 26}, tagInvalidDate)
	undefinedMark   = append(binary.BigEndian.AppendUint32([]byte{kindTag<<5 | 26}, tagUndefined), 5<<5)
)

// markJavaScript gives dates of no time, and undefined, tags of their own. It goes from one
// item to the next without regard to how they nest; what is no CBOR is left as it is.
func markJavaScript(data []byte) []byte {
	if bytes.IndexByte(data, dateTag) < 0 && bytes.IndexByte(data, undefined) < 0 {
		return data
	}
	var marked []byte
	from := 0
	for at := 0; at < len(data); {
		size, ok := itemSize(data[at:])
		if !ok {
			return data
		}
		var mark []byte
		switch {
		case data[at] == undefined:
			mark = undefinedMark
		case data[at] == dateTag && isNoTime(data[at+1:]):
			mark = invalidDateMark
		}
		if mark != nil {
			marked = append(append(marked, data[from:at]...), mark...)
			from = at + 1
		}
		at += size
	}
	if from == 0 {
		return data
	}
	return append(marked, data[from:]...)
}

// itemSize is how many bytes the head of an item takes, and its content where that is text or
// bytes.
func itemSize(data []byte) (size int, ok bool) {
	kind, number := data[0]>>5, data[0]&31
	size = 1
	length := uint64(number)
	if number >= 24 && number <= 27 {
		width := 1 << (number - 24)
		if len(data) < 1+width {
			return 0, false
		}
		var wide [8]byte
		copy(wide[8-width:], data[1:1+width])
		length, size = binary.BigEndian.Uint64(wide[:]), 1+width
	}
	if (kind == kindBytes || kind == kindText) && number != 31 {
		if length > uint64(len(data)-size) {
			return 0, false
		}
		size += int(length)
	}
	return size, true
}

// isNoTime tells the floats that are no number of seconds.
func isNoTime(data []byte) bool {
	size, ok := 0, false
	if len(data) > 0 && data[0]>>5 == kindOther {
		size, ok = itemSize(data)
	}
	if !ok || size == 1 {
		return false
	}
	var n float64
	err := anyCBOR.Unmarshal(data[:size], &n)
	return err == nil && (math.IsNaN(n) || math.IsInf(n, 0))
}
