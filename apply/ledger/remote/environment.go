package remote

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Complete fills in what the options do not say from the environment variables of Terraform's HTTP backend, TF_HTTP_ADDRESS and
// the like. RIVETER_LEDGER_PASSWORD comes before TF_HTTP_PASSWORD.
func (o *HTTPOptions) Complete(lookup func(name string) (string, bool)) error {
	get := func(name string) string { value, _ := lookup("TF_HTTP_" + name); return value }
	password, _ := lookup("RIVETER_LEDGER_PASSWORD")
	o.Address = cmp.Or(o.Address, get("ADDRESS"))
	o.LockAddress = cmp.Or(o.LockAddress, get("LOCK_ADDRESS"))
	o.UnlockAddress = cmp.Or(o.UnlockAddress, get("UNLOCK_ADDRESS"))
	o.UpdateMethod = cmp.Or(o.UpdateMethod, get("UPDATE_METHOD"))
	o.LockMethod = cmp.Or(o.LockMethod, get("LOCK_METHOD"))
	o.UnlockMethod = cmp.Or(o.UnlockMethod, get("UNLOCK_METHOD"))
	o.Username = cmp.Or(o.Username, get("USERNAME"))
	o.Password = cmp.Or(o.Password, password, get("PASSWORD"))
	return errors.Join(o.completeRetries(get), o.completeTLS(get))
}

func (o *HTTPOptions) completeRetries(get func(string) string) error {
	number := func(name string) (n int, given bool, err error) {
		text := get(name)
		if text == "" {
			return 0, false, nil
		}
		n, err = strconv.Atoi(text)
		if err != nil || n < 0 {
			err = fmt.Errorf("TF_HTTP_%s must be a number, not %q", name, text)
		}
		return n, true, err
	}
	retries, given, err := number("RETRY_MAX")
	if given && o.Attempts == 0 {
		o.Attempts = 1 + retries
	}
	least, _, err1 := number("RETRY_WAIT_MIN")
	o.Wait = cmp.Or(o.Wait, time.Duration(least)*time.Second)
	most, _, err2 := number("RETRY_WAIT_MAX")
	o.MaxWait = cmp.Or(o.MaxWait, time.Duration(most)*time.Second)
	return errors.Join(err, err1, err2)
}

func (o *HTTPOptions) completeTLS(get func(string) string) error {
	authorities, certificate, key := get("CLIENT_CA_CERTIFICATE_PEM"), get("CLIENT_CERTIFICATE_PEM"), get("CLIENT_PRIVATE_KEY_PEM")
	skip, _ := strconv.ParseBool(get("SKIP_CERT_VERIFICATION"))
	if o.TLS != nil || authorities == "" && certificate == "" && !skip {
		return nil
	}
	o.TLS = &tls.Config{InsecureSkipVerify: skip} //nolint:gosec // only where somebody says so, as to Terraform
	if authorities != "" {
		o.TLS.RootCAs = x509.NewCertPool()
		if !o.TLS.RootCAs.AppendCertsFromPEM([]byte(authorities)) {
			return errors.New("TF_HTTP_CLIENT_CA_CERTIFICATE_PEM holds no certificate in PEM")
		}
	}
	if certificate != "" {
		pair, err := tls.X509KeyPair([]byte(certificate), []byte(key))
		if err != nil {
			return fmt.Errorf("TF_HTTP_CLIENT_CERTIFICATE_PEM with TF_HTTP_CLIENT_PRIVATE_KEY_PEM: %w", err)
		}
		o.TLS.Certificates = []tls.Certificate{pair}
	}
	return nil
}
