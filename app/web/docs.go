package web

import (
	"html/template"
	"sort"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// The page is rendered here from the route table: it needs nothing from
// outside and runs no script, so the content policy holds.
var docsPage = template.Must(template.New("docs").Parse(`<!doctype html><html lang="zh"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>API · 伙伴生态门户</title><link rel="stylesheet" href="/docs.css"></head><body><main>
<h1>伙伴生态门户 API</h1><p>{{.Total}} operations. Machine-readable: <a href="/api/openapi.json">openapi.json</a> (OpenAPI 3.1).
Errors are RFC 9457 problems with a stable <code>type</code>. State and money changes take an <code>Idempotency-Key</code>; a repeat gets the first answer.</p>
{{range .Groups}}<h2>{{.Name}}</h2><table><thead><tr><th scope="col">Operation</th><th scope="col">What it does</th><th scope="col">Permission</th></tr></thead><tbody>
{{range .Rows}}<tr><td><code>{{.Method}} {{.Path}}</code></td><td>{{.Summary}}</td><td><code>{{.Permission}}</code></td></tr>{{end}}</tbody></table>{{end}}</main></body></html>`))

const docsStyle = "body{font:14px/22px system-ui,sans-serif;margin:32px auto;max-width:1120px;padding:0 16px;color-scheme:light dark}" +
	"table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #8884;padding:6px 8px;text-align:left;vertical-align:top}code{font-size:13px}"

type docsGroup struct {
	Name string
	Rows []Row
}

func (s *Server) docs(f *fiber.Ctx) error {
	groups := map[string][]Row{}
	rows := Routes()
	for _, r := range rows {
		name := strings.SplitN(strings.TrimPrefix(r.Path, "/api/"), "/", 2)[0]
		groups[name] = append(groups[name], r)
	}
	list := make([]docsGroup, 0, len(groups))
	for name, rows := range groups {
		list = append(list, docsGroup{name, rows})
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Name < list[j].Name })
	f.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return docsPage.Execute(f.Response().BodyWriter(), map[string]any{"Total": len(rows), "Groups": list})
}

func docsCSS(f *fiber.Ctx) error {
	f.Set(fiber.HeaderContentType, "text/css; charset=utf-8")
	return f.SendString(docsStyle)
}
