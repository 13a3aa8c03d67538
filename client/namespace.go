package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// Namespace is the server's record of a namespace.
type Namespace struct {
	ID          string
	Name        string
	DisplayName string
	CreatedAt   time.Time
}

type namespaceRecord struct {
	NamespaceID string `json:"namespace_id"`
	Name        string `json:"name"`
	DisplayName string `json:"display_name"`
	CreateTS    *int64 `json:"create_ts"`
}

func (r namespaceRecord) namespace() Namespace {
	return Namespace{ID: r.NamespaceID, Name: r.Name, DisplayName: r.DisplayName, CreatedAt: fromMillis(r.CreateTS)}
}

type namespacePage struct {
	asked      string // the name; empty for all
	Namespaces []namespaceRecord
	Pagination struct{ Cursor *string }
}

func (p *namespacePage) isThere() bool {
	return p.Namespaces != nil && !slices.ContainsFunc(p.Namespaces, func(r namespaceRecord) bool {
		return r.NamespaceID == "" || p.asked != "" && r.Name != p.asked
	})
}

// NamespaceByName returns a namespace; found is false when there is none.
func (m Management) NamespaceByName(ctx context.Context, name string) (ns Namespace, found bool, err error) {
	page := namespacePage{asked: name}
	if err := m.askServer(ctx, get("/namespaces", url.Values{"name": {name}}), nil, &page); err != nil {
		return Namespace{}, false, err
	}
	if len(page.Namespaces) == 0 {
		return Namespace{}, false, nil
	}
	return page.Namespaces[0].namespace(), true, nil
}

// Namespaces lists all namespaces of the server.
func (m Management) Namespaces(ctx context.Context) iter.Seq2[Namespace, error] {
	return func(yield func(Namespace, error) bool) {
		seen := map[string]bool{}
		query := url.Values{}
		for {
			var page namespacePage
			if err := m.askServer(ctx, get("/namespaces", query), nil, &page); err != nil {
				yield(Namespace{}, err)
				return
			}
			before := len(seen)
			for _, record := range page.Namespaces {
				if seen[record.NamespaceID] {
					continue
				}
				seen[record.NamespaceID] = true
				if !yield(record.namespace(), nil) {
					return
				}
			}
			if page.Pagination.Cursor == nil || len(seen) == before {
				return
			}
			query.Set("cursor", *page.Pagination.Cursor)
		}
	}
}

// CreateNamespace makes a namespace. The server cannot delete one.
func (m Management) CreateNamespace(ctx context.Context, name, displayName string) (Namespace, error) {
	in := struct {
		Name        string `json:"name"`
		DisplayName string `json:"display_name"`
	}{name, displayName}
	var out madeNamespace
	err := m.askServer(ctx, request{method: http.MethodPost, path: "/namespaces"}, in, &out)
	return out.Namespace.namespace(), err
}

type madeNamespace struct{ Namespace namespaceRecord }

func (m *madeNamespace) isThere() bool { return m.Namespace.NamespaceID != "" }
