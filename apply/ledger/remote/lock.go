package remote

import (
	"encoding/json"
	"time"

	"riveter/apply/ledger"
)

// lockInfo is what Terraform sends with a lock. Servers want all seven members.
type lockInfo struct {
	ID        string
	Operation string
	Info      string
	Who       string
	Version   string
	Created   string
	Path      string
}

func newLockInfo(h ledger.Holder, version string) []byte {
	info, _ := json.Marshal(lockInfo{ // strings always can
		ID: h.ID, Operation: h.Operation, Who: h.Who, Version: version, Created: h.Since.UTC().Format(time.RFC3339Nano),
	})
	return info
}

// parseHolder reads who has a lock, as far as a server says so. GitLab keeps only id, user and time, and some say it in words.
func parseHolder(body []byte) (holder ledger.Holder, text string) {
	var info lockInfo
	if json.Unmarshal(body, &info) != nil || info.ID == "" {
		return ledger.Holder{}, excerpt(body)
	}
	since, _ := time.Parse(time.RFC3339, info.Created) // the zero time where it is none
	return ledger.Holder{ID: info.ID, Who: info.Who, Operation: info.Operation, Since: since}, ""
}
