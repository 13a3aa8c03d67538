package funcs

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// hashes are the functions that derive a short text from a long one.
var hashes = map[string]function.Function{
	"base64sha256": hashText(sha256.New, base64.StdEncoding.EncodeToString),
	"base64sha512": hashText(sha512.New, base64.StdEncoding.EncodeToString),
	"md5":          hashText(md5.New, hex.EncodeToString),
	"sha1":         hashText(sha1.New, hex.EncodeToString),
	"sha256":       hashText(sha256.New, hex.EncodeToString),
	"sha512":       hashText(sha512.New, hex.EncodeToString),
	"uuidv5":       uuidv5,
}

func hashText(algorithm func() hash.Hash, encode func([]byte) string) function.Function {
	return ofText(func(s string) (string, error) { return digest(algorithm, encode, []byte(s)), nil })
}

func digest(algorithm func() hash.Hash, encode func([]byte) string, content []byte) string {
	h := algorithm()
	h.Write(content) // a hash.Hash never fails
	return encode(h.Sum(nil))
}

// namespaces are the well-known ones of RFC 4122.
var namespaces = map[string]string{
	"dns":  "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
	"url":  "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
	"oid":  "6ba7b812-9dad-11d1-80b4-00c04fd430c8",
	"x500": "6ba7b814-9dad-11d1-80b4-00c04fd430c8",
}

var uuidv5 = function.New(&function.Spec{
	Params:       []function.Parameter{{Name: "namespace", Type: cty.String}, {Name: "name", Type: cty.String}},
	Type:         function.StaticReturnType(cty.String),
	RefineResult: notNull,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		namespace := args[0].AsString()
		if known, ok := namespaces[namespace]; ok {
			namespace = known
		}
		if _, ok := parseUUID(namespace); !ok {
			return cty.NilVal, function.NewArgErrorf(0, "must be dns, url, oid, x500 or a UUID")
		}
		return cty.StringVal(UUIDv5(namespace, args[1].AsString())), nil
	},
})

// UUIDv5 returns the UUID of a name within a namespace, which is a UUID itself. It panics if it is not.
func UUIDv5(namespace, name string) string {
	id, ok := parseUUID(namespace)
	if !ok {
		panic("funcs: not a UUID: " + namespace)
	}
	sum := sha1.Sum(append(id, name...))
	sum[6] = sum[6]&0x0f | 0x50
	sum[8] = sum[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

func parseUUID(s string) ([]byte, bool) {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return nil, false
	}
	id, err := hex.DecodeString(strings.ReplaceAll(s, "-", ""))
	return id, err == nil && len(id) == 16
}
