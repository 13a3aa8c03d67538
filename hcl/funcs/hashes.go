package funcs

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"hash"

	"github.com/google/uuid"
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

// namespaces are the well-known ones of RFC 9562.
var namespaces = map[string]uuid.UUID{
	"dns": uuid.NameSpaceDNS, "url": uuid.NameSpaceURL, "oid": uuid.NameSpaceOID, "x500": uuid.NameSpaceX500,
}

var uuidv5 = function.New(&function.Spec{
	Params:       []function.Parameter{{Name: "namespace", Type: cty.String}, {Name: "name", Type: cty.String}},
	Type:         function.StaticReturnType(cty.String),
	RefineResult: notNull,
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		text := args[0].AsString()
		namespace, known := namespaces[text]
		if !known {
			var err error
			if namespace, err = uuid.Parse(text); err != nil || len(text) != len(uuid.Nil.String()) {
				return cty.NilVal, function.NewArgErrorf(0, "must be dns, url, oid, x500 or a UUID")
			}
		}
		return cty.StringVal(uuid.NewSHA1(namespace, []byte(args[1].AsString())).String()), nil
	},
})
