// Package seal encrypts values one by one, for a ledger that others can read: with age, to recipients or with a passphrase.
package seal
