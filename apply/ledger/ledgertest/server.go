package ledgertest

import (
	"bytes"
	"crypto/md5" //nolint:gosec // what the protocol has
	"encoding/base64"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strings"
	"sync"
)

// Manner is how a server understands the protocol of Terraform's HTTP backend.
type Manner string

// The manners, as they were found in November 2026.
const (
	Reference Manner = "reference" // the server of Terraform's own tests
	GitLab    Manner = "GitLab"
	Gitea     Manner = "Gitea"
)

// LockAt returns where a server of this manner takes and releases the lock of the document at an address, and by which methods.
func (m Manner) LockAt(address string) (lockAddress, lockMethod, unlockMethod string) {
	if m != GitLab && m != Gitea {
		return address, "LOCK", "UNLOCK"
	}
	path, query, asks := strings.Cut(address, "?")
	if path += "/lock"; asks {
		path += "?" + query
	}
	return path, http.MethodPost, http.MethodDelete
}

// Server is a server of Terraform's HTTP backend protocol, which keeps one document at any path. Its zero value has the manner
// of none; Manner is required. It may be used concurrently.
type Server struct {
	Manner   Manner
	User     string // empty: everybody may do everything
	Password string

	mu       sync.Mutex
	document []byte
	serials  map[int64]bool
	lock     *lockInfo
}

type lockInfo struct {
	ID        string
	Operation string
	Info      string
	Who       string
	Version   string
	Created   string
	Path      string
}

// Document returns what is kept, or nil.
func (s *Server) Document() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.document
}

// Replace puts something else in the place of the document, and of what the server knows of its versions.
func (s *Server) Replace(document []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.document = document
}

// ServeHTTP implements [http.Handler].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if user, password, _ := r.BasicAuth(); s.User != "" && (user != s.User || password != s.Password) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); s.Manner == Gitea && media != "application/json" {
		body = nil // which it parses as a form
	}
	id := r.URL.Query().Get("ID")
	_, lock, unlock := s.Manner.LockAt("")
	isLock := lock == "LOCK" || strings.HasSuffix(r.URL.Path, "/lock")
	switch {
	case isLock && r.Method == lock:
		s.takeLock(w, body)
	case isLock && r.Method == unlock:
		s.releaseLock(w, id, body)
	case r.Method == http.MethodGet:
		s.get(w)
	case r.Method == http.MethodPost:
		s.post(w, id, body)
	case r.Method == http.MethodDelete:
		s.document = nil
	default:
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
}

func (s *Server) get(w http.ResponseWriter) {
	none := map[Manner]int{Reference: http.StatusOK, GitLab: http.StatusNotFound, Gitea: http.StatusNoContent}
	if s.document == nil {
		w.WriteHeader(none[s.Manner])
		return
	}
	if s.Manner == Reference {
		digest := md5.Sum(s.document) //nolint:gosec // see the import
		w.Header().Set("Content-MD5", base64.StdEncoding.EncodeToString(digest[:]))
	}
	_, _ = w.Write(s.document)
}

// post keeps the document, if the server finds nothing wrong with it.
func (s *Server) post(w http.ResponseWriter, id string, body []byte) {
	if s.lock != nil && s.lock.ID != id {
		s.answerLock(w, lockInfo{})
		return
	}
	var members struct {
		Serial       int64
		Lineage      string
		ID, Name, Id any // what GitLab takes for parameters of its own
	}
	err := json.Unmarshal(body, &members)
	if s.serials == nil {
		s.serials = map[int64]bool{}
	}
	known := s.serials[members.Serial]
	switch {
	case s.Manner == GitLab && (members.ID != nil || members.Id != nil || members.Name != nil):
		w.WriteHeader(http.StatusBadRequest)
		return
	case s.Manner == GitLab && (err != nil || known):
		w.WriteHeader(http.StatusUnprocessableEntity)
		return
	case s.Manner == Gitea && (err != nil || members.Serial == 0 || members.Lineage == ""):
		w.WriteHeader(http.StatusBadRequest)
		return
	case s.Manner == Gitea && known: // for equal bytes as well
		w.WriteHeader(http.StatusConflict)
		return
	}
	s.serials[members.Serial] = true
	s.document = bytes.Clone(body)
	if s.Manner == Gitea {
		w.WriteHeader(http.StatusCreated)
	}
}

func (s *Server) takeLock(w http.ResponseWriter, body []byte) {
	var wanted lockInfo
	if json.Unmarshal(body, &wanted) != nil || wanted.ID == "" {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if s.lock != nil {
		s.answerLock(w, wanted)
		return
	}
	s.lock = &wanted
}

// answerLock says who has the lock.
func (s *Server) answerLock(w http.ResponseWriter, asking lockInfo) {
	info, status := *s.lock, http.StatusLocked
	if s.Manner == GitLab { // which keeps three members, and answers with the others of the one who asks
		info, status = asking, http.StatusConflict
		info.ID, info.Who, info.Created = s.lock.ID, s.lock.Who, s.lock.Created
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(info)
}

func (s *Server) releaseLock(w http.ResponseWriter, id string, body []byte) {
	var info lockInfo
	_ = json.Unmarshal(body, &info)
	if id == "" || s.Manner == Gitea {
		id = info.ID
	}
	switch mismatch := s.lock != nil && id != "" && s.lock.ID != id; {
	case mismatch && s.Manner == Gitea:
		http.Error(w, "lock ID mismatch", http.StatusLocked)
		return
	case mismatch:
		s.answerLock(w, info)
		return
	}
	s.lock = nil
}
