package funcs

import "github.com/zclconf/go-cty/cty/function"

// described returns a function with what it says of itself, where it says nothing.
func described(name string, f function.Function) function.Function {
	text, ok := descriptions[name]
	if !ok {
		return f
	}
	count := len(f.Params())
	if f.VarParam() != nil {
		count++
	}
	return f.WithNewDescriptions(text, make([]string, count))
}

var descriptions = map[string]string{
	"abspath":          "Returns the absolute path of a file.",
	"alltrue":          "Returns whether all elements are true; of an empty list they are.",
	"anytrue":          "Returns whether any element is true.",
	"base64decode":     "Returns the text that base64 stands for.",
	"base64encode":     "Returns a text as base64.",
	"base64gzip":       "Returns a text compressed with gzip, as base64.",
	"base64sha256":     "Returns the SHA-256 of a text, as base64.",
	"base64sha512":     "Returns the SHA-512 of a text, as base64.",
	"basename":         "Returns the last part of a path.",
	"bigint":           "Returns a JavaScript BigInt of decimal digits in a string.",
	"bytes":            "Returns a JavaScript Uint8Array of base64.",
	"can":              "Returns whether an expression can be evaluated without an error.",
	"chunklist":        "Splits a list into lists of at most this size.",
	"cidrhost":         "Returns the address of a host in a network.",
	"cidrnetmask":      "Returns the netmask of an IPv4 network.",
	"cidrsubnet":       "Returns one network within a network.",
	"cidrsubnets":      "Returns consecutive networks within a network.",
	"coalesce":         "Returns the first argument that is neither null nor an empty string.",
	"contains":         "Returns whether a list has an element of this value.",
	"csvdecode":        "Returns the rows of a CSV text, whose first line names the columns, as a list of objects.",
	"date":             "Returns a JavaScript Date of a time as in RFC 3339.",
	"dirname":          "Returns a path without its last part.",
	"distinct":         "Returns a list without repetitions.",
	"element":          "Returns the element at an index, which wraps around at the end.",
	"endswith":         "Returns whether a text ends with another one.",
	"env":              "Returns a variable of the environment, or the default where it is not set.",
	"ephemeralasnull":  "Returns a value with null in place of what is ephemeral.",
	"file":             "Returns the content of a file, which is UTF-8 text.",
	"filebase64":       "Returns the content of a file as base64.",
	"filebase64sha256": "Returns the SHA-256 of a file, as base64.",
	"filebase64sha512": "Returns the SHA-512 of a file, as base64.",
	"fileexists":       "Returns whether there is a file.",
	"filemd5":          "Returns the MD5 of a file in hexadecimal.",
	"fileset":          "Returns the paths of the files below a directory that match a pattern, such as \"*.json\" or \"**/*.yaml\".",
	"filesha1":         "Returns the SHA-1 of a file in hexadecimal.",
	"filesha256":       "Returns the SHA-256 of a file in hexadecimal.",
	"filesha512":       "Returns the SHA-512 of a file in hexadecimal.",
	"index":            "Returns the index of a value in a list.",
	"issensitive":      "Returns whether a value is marked as sensitive.",
	"jsondecode":       "Returns the value that a text in JSON stands for.",
	"length":           "Returns how many elements a collection has, or characters a text.",
	"lookup":           "Returns an element of a map, or the default where there is none.",
	"matchkeys":        "Returns those of the values whose keys, at the same index, are in the set.",
	"md5":              "Returns the MD5 of a text in hexadecimal.",
	"nonsensitive":     "Returns a value without its mark as sensitive.",
	"one":              "Returns the only element of a list, or null where it has none.",
	"pathexpand":       "Returns a path with the home directory in place of ~.",
	"replace":          "Replaces a text within a text; between slashes it is a regular expression.",
	"seeded_name":      "Returns two words, such as \"calm-otter\", that depend on the key alone.",
	"sensitive":        "Returns a value that is hidden wherever it goes.",
	"setintersection":  "Returns the elements that all sets have.",
	"setsubtract":      "Returns the elements of the first set that the second one lacks.",
	"setunion":         "Returns the elements that any of the sets has.",
	"sha1":             "Returns the SHA-1 of a text in hexadecimal.",
	"sha256":           "Returns the SHA-256 of a text in hexadecimal.",
	"sha512":           "Returns the SHA-512 of a text in hexadecimal.",
	"startswith":       "Returns whether a text begins with another one.",
	"strcontains":      "Returns whether a text has another one in it.",
	"sum":              "Returns the sum of numbers.",
	"templatefile":     "Returns the content of a file with ${…} and %{…} in it evaluated, for which it has these variables.",
	"templatestring":   "Does the same with a text.",
	"textdecodebase64": "Returns the text that base64 of another encoding, such as \"UTF-16LE\", stands for.",
	"textencodebase64": "Returns a text in another encoding, as base64.",
	"timecmp":          "Returns -1, 0 or 1 where a time is before, the same as, or after another one.",
	"tolist":           "Converts a value to a list.",
	"tomap":            "Converts a value to a map.",
	"toset":            "Converts a value to a set.",
	"transpose":        "Turns a map of lists around: values become keys.",
	"try":              "Returns the first of the expressions that can be evaluated without an error.",
	"undefined":        "Returns JavaScript's undefined.",
	"urldecode":        "Returns the text that percent-encoding stands for.",
	"urlencode":        "Returns a text percent-encoded.",
	"uuidv5":           "Returns the UUID of a name in a namespace, which is \"dns\", \"url\", \"oid\", \"x500\" or a UUID.",
	"yamldecode":       "Returns the value that a text in YAML stands for.",
	"yamlencode":       "Returns a value as YAML.",
}
