package web

import (
	"context"

	"github.com/google/uuid"

	"ecoport/tenants"
)

func viewOf(a tenants.Actor) func(tenants.View) View {
	return func(v tenants.View) View {
		return View{ID: v.ID.String(), List: v.List, Name: v.Name, Query: v.Query, Columns: listOf(v.Columns), Shared: v.Shared, Mine: v.UserID == a.User, OwnerName: v.OwnerName}
	}
}

func views(s *Server, ctx context.Context, a tenants.Actor, in *viewsInput) (List[View], error) {
	found, err := s.Tenants.Views(ctx, a, in.List)
	return itemsOf(found, viewOf(a)), err
}

func viewEdit(e ViewEdit) tenants.View {
	return tenants.View{List: e.List, Name: e.Name, Query: e.Query, Columns: append([]string{}, e.Columns...), Shared: e.Shared}
}

func newView(s *Server, ctx context.Context, a tenants.Actor, in *newViewInput) (View, error) {
	v, err := s.Tenants.SaveView(ctx, a, uuid.Nil, viewEdit(in.Body))
	return viewOf(a)(v), err
}

func editView(s *Server, ctx context.Context, a tenants.Actor, in *viewInput) (View, error) {
	v, err := s.Tenants.SaveView(ctx, a, uuid.MustParse(in.ID), viewEdit(in.Body))
	return viewOf(a)(v), err
}

func dropView(s *Server, ctx context.Context, a tenants.Actor, in *ByID) (none, error) {
	return none{}, s.Tenants.DropView(ctx, a, uuid.MustParse(in.ID))
}
