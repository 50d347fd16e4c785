package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"ecoport/app/platform/calendar"
	"ecoport/app/platform/paper"
	"ecoport/marketplace/certification"
	"ecoport/tenants"
)

// paperRow is a public row whose answer is a PDF.
func paperRow(path, summary string, build func(*Server, context.Context, *fiber.Ctx) (name string, body []byte, err error)) Row {
	const pdf = "application/pdf"
	r := Row{Method: http.MethodGet, Path: path, Permission: Public, Summary: summary}
	r.register = func(s *Server, api huma.API, op huma.Operation) {
		op.Responses = map[string]*huma.Response{"200": {Description: "PDF", Content: map[string]*huma.MediaType{pdf: {}}}}
		api.OpenAPI().AddOperation(&op)
		if s == nil {
			return
		}
		s.fiber.Get(strings.NewReplacer("{", ":", "}", "").Replace(path), func(f *fiber.Ctx) error {
			ctx := context.WithValue(f.UserContext(), localeKey{}, localeFrom(f))
			name, body, err := build(s, ctx, f)
			if err != nil {
				writeProblem(f, problemOf(ctx, err, requestID(f)))
				return nil
			}
			f.Set(fiber.HeaderContentType, pdf)
			f.Set(fiber.HeaderContentDisposition, "attachment; filename=\"paper.pdf\"; filename*=UTF-8''"+url.PathEscape(name))
			return f.Send(body)
		})
	}
	return r
}

// paperOf is paperRow for whoever has the permission.
func paperOf(path string, permission tenants.Permission, summary string, build func(*Server, context.Context, tenants.Actor, *fiber.Ctx) (name string, body []byte, err error)) Row {
	r := paperRow(path, summary, func(s *Server, ctx context.Context, f *fiber.Ctx) (string, []byte, error) {
		ctx = tenants.WithOrigin(ctx, requestID(f), f.IP())
		a, err := s.Tenants.Authenticate(ctx, accessToken(f))
		if err != nil {
			return "", nil, err
		}
		a.Locale = localeOf(ctx)
		if err := a.Need(permission); err != nil {
			return "", nil, err
		}
		return build(s, ctx, a, f)
	})
	r.Permission = permission
	return r
}

// certificatePDF is the certificate on paper, for anybody who has its number,
// as it stands now.
func certificatePDF(s *Server, ctx context.Context, f *fiber.Ctx) (string, []byte, error) {
	provinces, err := s.Tenants.Provinces(ctx)
	if err != nil {
		return "", nil, err
	}
	c, err := s.Certifications.Verify(ctx, provinces, f.Params("number"))
	if err != nil {
		return "", nil, err
	}
	state := c.State(calendar.Now(ctx))
	key := "certificate " + c.ID.String() + " " + state
	body, err := keep(ctx, s.kept, key, func(h tenants.Happening) bool { return h.Province == c.ProvinceID && h.Topic == "certification" }, func() ([]byte, error) {
		return paper.Bytes(certificatePage(c, state, s.Options.BaseURL+"/certificate/"+c.Number))
	})
	return c.Number + ".pdf", body, err
}

func certificatePage(c certification.Certificate, state, link string) paper.Page {
	p := paper.Page{
		Over: "Ecoport 伙伴生态门户 Partner Portal", Title: "产品认证证书 Certificate", Sub: "下列版本已通过测试与审核。 The version below passed tests and review.", Link: link, LinkLabel: "扫码核验当前状态  Scan to verify",
		Stamp: map[string]string{"revoked": "已撤销 REVOKED", "expired": "已过期 EXPIRED", "suspended": "已暂停 SUSPENDED"}[state],
		Facts: []paper.Fact{
			{Label: "证书编号 Number", Value: c.Number},
			{Label: "方案 Solution", Value: c.SolutionName},
			{Label: "版本 Version", Value: c.Semver},
			{Label: "持有伙伴 Held by", Value: c.PartnerName},
			{Label: "颁发日期 Issued", Value: calendar.Date(c.IssuedAt)},
			{Label: "有效期至 Valid until", Value: calendar.Date(c.ValidUntil)},
			{Label: "内容指纹 SHA-256", Value: c.ContentHash},
		},
		Notes: []string{"内容指纹由认证版本的全部内容与文件计算；内容有任何改动，指纹即不相同。 The fingerprint is taken over all content and files of the certified version; any change gives another.", "证书状态以核验页为准。 The public page shows the state that counts."},
	}
	if c.Conditional {
		p.Facts = append(p.Facts, paper.Fact{Label: "有条件通过 Conditional", Value: "仍有条件待完成 Conditions are not met yet"})
	}
	return p
}
