package web

// exports registers the downloads, which are files and not JSON.
func (s *Server) exports() {
	s.fiber.Get("/api/statements/:id/export.xlsx", s.statementSheet)
}
