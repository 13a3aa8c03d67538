package bare

import "encoding/binary"

// AppendUint appends a variable-length integer.
func AppendUint(b []byte, n uint64) []byte { return binary.AppendUvarint(b, n) }

// AppendU16 appends two bytes, the lower first.
func AppendU16(b []byte, n uint16) []byte { return binary.LittleEndian.AppendUint16(b, n) }

// AppendU64 appends eight bytes, the lowest first.
func AppendU64(b []byte, n uint64) []byte { return binary.LittleEndian.AppendUint64(b, n) }

// AppendBool appends one byte, 0 or 1.
func AppendBool(b []byte, v bool) []byte {
	if v {
		return append(b, 1)
	}
	return append(b, 0)
}

// AppendData appends the number of bytes and the bytes.
func AppendData(b, data []byte) []byte { return append(AppendUint(b, uint64(len(data))), data...) }

// AppendStr appends the number of bytes and the text, which must be UTF-8.
func AppendStr(b []byte, text string) []byte {
	return append(AppendUint(b, uint64(len(text))), text...)
}
