package client

import "testing"

func FuzzReadInspectorState(f *testing.F) {
	f.Add([]byte("\x05\x01\x01"))
	f.Add([]byte("\x0d\x00\x01\x01\x01\x01"))
	f.Add([]byte("\x0d\xff\xff\xff\xff\xff\xff\xff\xff\x7f"))
	f.Fuzz(func(_ *testing.T, data []byte) {
		_, _, _ = readInspectorState(data) // whatever it is, nothing panics and nothing takes for ever
	})
}
