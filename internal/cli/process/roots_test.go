package process

import (
	"crypto/x509"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"golang.org/x/crypto/x509roots/fallback/bundle"
)

func TestWhoHasRoots(t *testing.T) {
	missing, empty, some := filepath.Join(t.TempDir(), "missing"), filepath.Join(t.TempDir(), "empty"), filepath.Join(t.TempDir(), "some")
	for path, content := range map[string]string{empty: "", some: "a certificate"} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		system string
		files  []string
		want   bool
	}{
		{"linux", []string{missing, some}, true},
		{"linux", []string{missing, empty}, false},
		{"freebsd", nil, false},
		{"darwin", nil, true},
		{"windows", nil, true},
	} {
		if got := hasRoots(tt.system, tt.files); got != tt.want {
			t.Errorf("%s with %v: %t", tt.system, tt.files, got)
		}
	}
}

// One that could not be read would be left out.
func TestAllRootsCanBeRead(t *testing.T) {
	for root := range bundle.Roots() {
		if _, err := x509.ParseCertificate(root.Certificate); err != nil {
			t.Error(err)
		}
	}
}

// Who needs the roots gets them: without those of the system, a chain is refused for another reason than that there are none.
func TestRootsAreTrusted(t *testing.T) {
	if hasRoots(runtime.GOOS, nil) {
		t.Skip("this system verifies itself")
	}
	t.Setenv("SSL_CERT_FILE", filepath.Join(t.TempDir(), "missing"))
	t.Setenv("SSL_CERT_DIR", t.TempDir())
	defer func(before []string) { bundles = before }(bundles)
	bundles = nil
	TrustRoots()
	for root := range bundle.Roots() {
		certificate, err := x509.ParseCertificate(root.Certificate)
		if err != nil || root.Constraint != nil {
			continue
		}
		if _, err := certificate.Verify(x509.VerifyOptions{CurrentTime: certificate.NotBefore.Add(time.Hour)}); err != nil {
			t.Errorf("%s: %v", certificate.Subject, err)
		}
	}
}
