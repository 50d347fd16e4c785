package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"ecoport/tenants"
)

// Two words may stand where a permission stands: Public routes answer
// anybody, Signed ones anybody with a live session.
const (
	Public tenants.Permission = "public"
	Signed tenants.Permission = "signed"
)

// Row is one line of the route table. A route without a permission does not
// exist: the table is the only way to register one.
type Row struct {
	Method     string
	Path       string
	Permission tenants.Permission
	Summary    string

	register func(s *Server, api huma.API, op huma.Operation)
}

// call is what every handler looks like: decode and encode happen around it.
type call[I, O any] func(s *Server, ctx context.Context, actor tenants.Actor, in *I) (O, error)

type reply[T any] struct {
	Body T
}

// none is the answer of routes that have nothing to say.
type none struct{}

// empty is the input of routes that take nothing.
type empty struct{}

type ByID struct {
	ID string `path:"id" format:"uuid" doc:"UUIDv7 of the record"`
}

// route describes one operation whose answer is JSON.
func route[I, O any](method, path string, permission tenants.Permission, summary string, handle call[I, O]) Row {
	return Row{
		Method: method, Path: path, Permission: permission, Summary: summary,
		register: func(s *Server, api huma.API, op huma.Operation) {
			huma.Register(api, op, func(ctx context.Context, in *I) (*reply[O], error) {
				out, err := handle(s, ctx, actorOf(ctx), in)
				if err != nil {
					return nil, s.problem(ctx, err)
				}
				return &reply[O]{Body: out}, nil
			})
		},
	}
}

// page is a handler whose reads are of one moment.
func page[I, O any](h call[I, O]) call[I, O] {
	return func(s *Server, ctx context.Context, a tenants.Actor, in *I) (out O, err error) {
		err = s.DB.Together(ctx, func(ctx context.Context) error {
			out, err = h(s, ctx, a, in)
			return err
		})
		return out, err
	}
}

func get[I, O any](path string, p tenants.Permission, summary string, h call[I, O]) Row {
	return route(http.MethodGet, path, p, summary, page(h))
}

func post[I, O any](path string, p tenants.Permission, summary string, h call[I, O]) Row {
	return route(http.MethodPost, path, p, summary, h)
}

func put[I, O any](path string, p tenants.Permission, summary string, h call[I, O]) Row {
	return route(http.MethodPut, path, p, summary, h)
}

func del[I, O any](path string, p tenants.Permission, summary string, h call[I, O]) Row {
	return route(http.MethodDelete, path, p, summary, h)
}

// operation fills the OpenAPI side of a row.
func (r Row) operation() huma.Operation {
	id := strings.NewReplacer("/api/", "", "{", "", "}", "", "/", "-", ".", "-").Replace(r.Path)
	return huma.Operation{
		OperationID: strings.ToLower(r.Method) + "-" + id,
		Method:      r.Method,
		Path:        r.Path,
		Summary:     r.Summary,
		Description: "Permission: `" + string(r.Permission) + "`",
		Tags:        []string{strings.SplitN(strings.TrimPrefix(r.Path, "/api/"), "/", 2)[0]},
		Extensions:  map[string]any{"x-permission": string(r.Permission)},
	}
}

// Page is one page of a list, keyed by an opaque signed cursor.
type Page[T any] struct {
	Items      []T    `json:"items" nullable:"false"`
	NextCursor string `json:"next_cursor,omitempty" doc:"Pass as cursor to get the next page; absent on the last one"`
	Total      int64  `json:"total" doc:"Rows that match; past 10 000 an estimate"`
	Estimated  bool   `json:"total_estimated,omitempty"`
}

type Paging struct {
	Cursor string `query:"cursor" maxLength:"600" doc:"next_cursor of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

// Reasoned is the body of actions that want a reason and of edits that
// must not overwrite somebody else's.
type Reasoned struct {
	Reason string `json:"reason,omitempty" maxLength:"2000" doc:"Why, in the words of the person; required where the action says no to somebody"`
}

type actionInput struct {
	ByID
	Body Reasoned
}
