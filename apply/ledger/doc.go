// Package ledger remembers what riveter did: which actors it created, with which input, and which steps it made on them.
//
// A ledger is one JSON document, with a lineage that is made once and a serial that grows with every version. It keeps
// the actors of each environment apart, each under what it is: its registered name and its key. It is kept in a [Home], whose lock is a [Lease] and whose records since the last
// version of the document are a [Journal]. [Open] takes the lock and reads the document, [Ledger.Recall] hands out the
// memory of one environment, and an [Environment] records what is done there:
//
//	Open: lock, document + journal left behind by a crash ─► Recall ─► plan
//	                                                   apply ─► Bind, Started, Finished, Forget ─► journal
//	Close: document + journal ─► new document, journal removed, unlock
//
// Records are appended to the journal, and are there when the process ends. What is about to be done is durable when its method returns, so that
// the machine may end as well; what is over waits for no flush of the disk of its own, and what will be created next is foretold with a record that waits for one anyway. Records that are made at the same time
// share one write and one flush: a group, which is one line. Only the end of what is not flushed can be lost by a crash, and nobody was
// told that it is safe from that. Every line has a checksum that covers the lines before it too, and so has the document: what
// is damaged in any other way is an error that says where, and never a different memory. The document is written when the ledger is closed, in whole, in the place of the old
// one. So a crash leaves the old document with its journal, or the new one.
// The document names the line that was merged into it last, and a journal names the version that it continues: no record
// is ever merged twice, or into a document that it does not belong to.
//
// Where the journal is too far away for each record to wait for it, records go to a draft on this machine, and on from there four
// times a second. The journal announces what is about to be done before its turn comes. So a run that vanishes with
// its machine leaves in doubt what it had announced and not shipped as done; with the draft, nothing but what was in flight is.
// That also holds when others have used the ledger meanwhile: of what they had to take for possible, the draft tells what was done.
//
// Documents and journals of version 1, which riveter 0.1 wrote, knew an actor by the address of its declaration. They are
// migrated when they are opened, and saved in the newest version when something is recorded.
//
// What is recalled does not change while records are made. Closing reads them back from the journal, as after a crash, so
// a run of any size costs no memory for them, and recovery is not a special case.
//
// The package decides nothing and talks to no actor. It does not judge values either: what is sensitive reaches it as a
// digest only.
package ledger
