package declare

import "riveter/hcl/syntax"

var tlsSchema = &syntax.Schema{Doc: "How to trust the server, and to be trusted by it.", Attributes: attributes(tlsRows)}

var tlsRows = []row[TLS]{
	text("ca_file", "Certificates of the authorities to trust, in PEM.", func(t *TLS) *string { return &t.CAFile }),
	text("cert_file", "The client's certificate, in PEM.", func(t *TLS) *string { return &t.CertFile }),
	text("key_file", "Its key, in PEM.", func(t *TLS) *string { return &t.KeyFile }),
	text("server_name", "The name that the server's certificate must have.", func(t *TLS) *string { return &t.ServerName }),
}

// TLS says how a server is trusted, and is to trust.
type TLS struct{ CAFile, CertFile, KeyFile, ServerName string }
