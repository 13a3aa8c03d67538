// Package remote keeps ledgers away from the machine of the run: [HTTP] with any server of Terraform's HTTP backend protocol,
// and [Actor] with an actor of the user's own Rivet, which speaks that protocol and more (examples/ledger).
//
// The protocol is Terraform's to the letter; what servers make of it was checked against Terraform, Gitea 1.26 and GitLab in
// November 2026. Servers guard little, so the ledger itself reads before it writes, and compares.
package remote
