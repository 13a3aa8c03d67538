package acceptance

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// gitlabServer is as much of GitLab's API as the jobs use: the notes of merge request 3 of project 7, and whose the token is.
type gitlabServer struct {
	mu    sync.Mutex
	notes []*note
}

type note struct {
	ID     int    `json:"id"`
	Body   string `json:"body"`
	Author author `json:"author"`
}

type author struct {
	ID int `json:"id"`
}

// tokenOwner is the user who writes with the token.
var tokenOwner = author{4}

// gitlab start | notes | note AUTHOR FILE starts it, prints what it has, or has somebody write a note.
func gitlab(ts *testscript.TestScript, _ bool, args []string) {
	s := of(ts)
	switch command := strings.Join(args[:min(len(args), 1)], ""); {
	case command == "start":
		s.gitlab = &gitlabServer{notes: []*note{}}
		server := httptest.NewServer(s.gitlab.handler())
		ts.Defer(server.Close)
		ts.Setenv("GITLAB_API", server.URL)
	case command == "notes":
		out := ts.Stdout() // also where there is none
		for _, n := range s.gitlab.notes {
			fmt.Fprintf(out, "%d wrote %d:\n%s\n", n.Author.ID, n.ID, n.Body)
		}
	case command == "note" && len(args) == 3:
		id, err := strconv.Atoi(args[1])
		ts.Check(err)
		s.gitlab.write(author{id}, ts.ReadFile(args[2]))
	default:
		ts.Fatalf("usage: gitlab start|notes|note AUTHOR FILE")
	}
}

func (g *gitlabServer) write(by author, body string) {
	g.notes = append(g.notes, &note{100 + len(g.notes), body, by})
}

func (g *gitlabServer) handler() http.Handler {
	mux := http.NewServeMux()
	answer := answering[note](mux, &g.mu, "Private-Token", "a-token", http.StatusUnauthorized)
	answer("GET /user", func(*http.Request, note) any { return tokenOwner })
	answer("GET /projects/7/merge_requests/3/notes", func(*http.Request, note) any { return g.notes })
	answer("POST /projects/7/merge_requests/3/notes", func(_ *http.Request, asked note) any {
		g.write(tokenOwner, asked.Body)
		return nil
	})
	answer("PUT /projects/7/merge_requests/3/notes/{id}", func(r *http.Request, asked note) any {
		for _, n := range g.notes {
			if strconv.Itoa(n.ID) == r.PathValue("id") {
				n.Body = asked.Body
			}
		}
		return nil
	})
	return mux
}
