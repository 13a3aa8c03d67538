package acceptance

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"
)

// githubServer is as much of GitHub's API as the workflow uses, for one repository, of which every commit was pull request 7.
type githubServer struct {
	mu       sync.Mutex
	comments []*comment
	issues   []*issue
}

type comment struct {
	ID   int    `json:"id"`
	Body string `json:"body"`
	User struct {
		Login string `json:"login"`
	} `json:"user"`
}

type issue struct {
	Number int      `json:"number"`
	Title  string   `json:"title"`
	Body   string   `json:"body"`
	State  string   `json:"state"`
	Labels []string `json:"labels"`
}

// github start | comments | issues | comment LOGIN FILE starts it, prints what it has, or has somebody write a comment.
func github(ts *testscript.TestScript, _ bool, args []string) {
	g := of(ts)
	switch command := strings.Join(args[:min(len(args), 1)], ""); {
	case command == "start":
		g.github = &githubServer{comments: []*comment{}, issues: []*issue{}}
		server := httptest.NewServer(g.github.handler())
		ts.Defer(server.Close)
		ts.Setenv("GITHUB_API", server.URL)
	case command == "comments":
		out := ts.Stdout() // also where there is none
		for _, c := range g.github.comments {
			fmt.Fprintf(out, "%s wrote %d:\n%s\n", c.User.Login, c.ID, c.Body)
		}
	case command == "issues":
		out := ts.Stdout()
		for _, i := range g.github.issues {
			fmt.Fprintf(out, "%d is %s: %s\n%s\n", i.Number, i.State, i.Title, i.Body)
		}
	case command == "comment" && len(args) == 3:
		g.github.comment(args[1], ts.ReadFile(args[2]))
	default:
		ts.Fatalf("usage: github start|comments|issues|comment LOGIN FILE")
	}
}

func (g *githubServer) comment(login, body string) {
	c := &comment{ID: 100 + len(g.comments), Body: body}
	c.User.Login = login
	g.comments = append(g.comments, c)
}

// answering adds answers to a server of JSON to mux, one at a time. They are given what is asked, and what they return is said, of a list
// one on each page. Who does not have the token in its header, or asks for what is no JSON, is refused.
func answering[T any](mux *http.ServeMux, mu *sync.Mutex, header, token string, refused int) func(pattern string, give func(r *http.Request, asked T) any) {
	return func(pattern string, give func(r *http.Request, asked T) any) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			var asked T
			if r.Method != http.MethodGet && json.NewDecoder(r.Body).Decode(&asked) != nil || r.Header.Get(header) != token {
				http.Error(w, http.StatusText(refused), refused)
				return
			}
			_ = json.NewEncoder(w).Encode(page(w, r, give(r, asked))) // the client that is gone reads nothing
		})
	}
}

// page returns the page of a list that is asked for, and says where the next one is.
func page(w http.ResponseWriter, r *http.Request, answer any) any {
	list := reflect.ValueOf(answer)
	if list.Kind() != reflect.Slice {
		return answer
	}
	query := r.URL.Query()
	at, _ := strconv.Atoi(query.Get("page")) // the first has no number
	if at+1 < list.Len() {
		query.Set("page", strconv.Itoa(at+1))
		w.Header().Set("Link", fmt.Sprintf(`<http://%s%s?%s>; rel="next"`, r.Host, r.URL.Path, query.Encode()))
	}
	return list.Slice(min(at, list.Len()), min(at+1, list.Len())).Interface()
}

func (g *githubServer) handler() http.Handler {
	mux := http.NewServeMux()
	answer := answering[issue](mux, &g.mu, "Authorization", "Bearer a-token", http.StatusBadRequest)
	answer("GET /repos/{owner}/{name}/commits/{sha}/pulls", func(*http.Request, issue) any { return []issue{{Number: 7}} })
	answer("GET /repos/{owner}/{name}/issues/7/comments", func(*http.Request, issue) any { return g.comments })
	answer("POST /repos/{owner}/{name}/issues/7/comments", func(_ *http.Request, asked issue) any {
		g.comment("github-actions[bot]", asked.Body)
		return nil
	})
	answer("PATCH /repos/{owner}/{name}/issues/comments/{id}", func(r *http.Request, asked issue) any {
		for _, c := range g.comments {
			if strconv.Itoa(c.ID) == r.PathValue("id") {
				c.Body = asked.Body
			}
		}
		return nil
	})
	answer("GET /repos/{owner}/{name}/issues", func(r *http.Request, _ issue) any {
		return slices.DeleteFunc(slices.Clone(g.issues), func(i *issue) bool {
			return i.State != r.FormValue("state") || !slices.Contains(i.Labels, r.FormValue("labels"))
		})
	})
	answer("POST /repos/{owner}/{name}/issues", func(_ *http.Request, asked issue) any {
		asked.Number, asked.State = len(g.issues)+1, "open"
		g.issues = append(g.issues, &asked)
		return nil
	})
	answer("PATCH /repos/{owner}/{name}/issues/{number}", func(r *http.Request, asked issue) any {
		for _, i := range g.issues {
			if strconv.Itoa(i.Number) == r.PathValue("number") {
				i.Body, i.State = cmp.Or(asked.Body, i.Body), cmp.Or(asked.State, i.State)
			}
		}
		return nil
	})
	return mux
}
