// Package funcs is the table of the functions that a configuration may call.
//
// Most are go-cty's own under the names and with the argument order that Terraform gives them. The others are here, by
// theme: text, numbers, collections, encodings, hashes, networks, files, and the JavaScript values that HCL lacks. None
// gives another result from run to run: there is no clock and no randomness, and the environment is handed in.
package funcs
