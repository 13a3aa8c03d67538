package process

import (
	"crypto/x509"
	"os"
	"runtime"
	"slices"

	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// bundles are where crypto/x509 finds the certificates of a Unix system in one file.
var bundles = []string{
	"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/pki/tls/cacert.pem",
	"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/cert.pem",
}

// TrustRoots has the program trust Mozilla's roots where the system has none of its own, as a container with the binary alone. To read them
// takes as long as a tenth of a short run, so that it is not done where there are others.
func TrustRoots() {
	if hasRoots(runtime.GOOS, bundles) {
		return
	}
	pool := x509.NewCertPool()
	for root := range bundle.Roots() {
		switch certificate, err := x509.ParseCertificate(root.Certificate); {
		case err != nil: // one that this Go does not know how to read
		case root.Constraint != nil:
			pool.AddCertWithConstraint(certificate, root.Constraint)
		default:
			pool.AddCert(certificate)
		}
	}
	x509.SetFallbackRoots(pool)
}

// hasRoots reports whether a system verifies certificates itself, or has those that it trusts in one of some files.
func hasRoots(system string, files []string) bool {
	return system == "darwin" || system == "windows" || slices.ContainsFunc(files, func(path string) bool {
		info, err := os.Stat(path)
		return err == nil && info.Size() > 0
	})
}
