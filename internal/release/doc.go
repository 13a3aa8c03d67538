// Release builds what people install: binaries for every platform, npm's packages, and their checksums. It publishes nothing.
//
//	go run ./internal/release -out dist
//
// The binaries are static, stripped, and the same whenever and wherever they are built from one commit. The packages of npm are made
// from the folder npm, whose package.json alone says what they are called: the package itself, and one for each platform with the
// binary, of which an installation takes the one that fits.
package main
