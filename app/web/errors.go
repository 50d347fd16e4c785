package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"

	"ecoport/app/platform/fault"
)

// Problem is an RFC 9457 answer.
type Problem struct {
	Type       string         `json:"type" doc:"Stable URI reference of the kind of problem"`
	Title      string         `json:"title" doc:"In the reader's language"`
	Status     int            `json:"status"`
	Detail     string         `json:"detail,omitempty"`
	RequestID  string         `json:"request_id,omitempty"`
	Permission string         `json:"permission,omitempty" doc:"The missing one"`
	Errors     []FieldProblem `json:"errors,omitempty"`

	retryAfter int
}

// FieldProblem says what is wrong with one field.
type FieldProblem struct {
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message" doc:"In the reader's language"`
}

func (p *Problem) Error() string { return p.Title }

// GetStatus lets the API layer use it as an answer.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType of problems.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders adds Retry-After.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(p.retryAfter))
	}
	return h
}

var statusOf = map[fault.Kind]int{
	fault.Invalid: http.StatusUnprocessableEntity, fault.Conflict: http.StatusConflict, fault.Stale: http.StatusConflict,
	fault.Missing: http.StatusNotFound, fault.Denied: http.StatusForbidden, fault.Unauthenticated: http.StatusUnauthorized,
	fault.TooMany: http.StatusTooManyRequests, fault.Unavailable: http.StatusServiceUnavailable, fault.TooLarge: http.StatusRequestEntityTooLarge,
}

// problemOf turns any error into what the reader may know. What is not a
// fault is logged and answered blandly.
func problemOf(ctx context.Context, err error, requestID string) *Problem {
	locale := localeOf(ctx)
	f, ok := fault.As(err)
	if !ok {
		if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
			f = fault.New(fault.Unavailable, "timeout", "处理超时，请稍后重试。", "This took too long. Try again.")
		} else {
			slog.Error("request failed", "request_id", requestID, "error", err)
			return &Problem{
				Type: "/problems/internal", Status: http.StatusInternalServerError, RequestID: requestID,
				Title:  fault.Words{Zh: "系统出错了，您的内容没有保存。", En: "Something went wrong on our side; your change was not saved."}.In(locale),
				Detail: fault.Words{Zh: "请重试；如仍出错，请把请求编号告诉管理员。", En: "Try again; if it persists, give the request id to your admin."}.In(locale),
			}
		}
	}
	p := &Problem{Type: "/problems/" + f.Code, Status: statusOf[f.Kind], Title: f.Words.In(locale), RequestID: requestID, Permission: f.Permission, retryAfter: f.RetryAfter}
	for _, field := range f.Fields {
		p.Errors = append(p.Errors, FieldProblem{field.Name, field.Code, field.Words.In(locale)})
	}
	return p
}

type fiberKey struct{}

func (s *Server) problem(ctx context.Context, err error) error {
	id, _ := ctx.Value(fiberKey{}).(string)
	return problemOf(ctx, err, id)
}

// refuse answers from a middleware.
func (s *Server) refuse(c huma.Context, ctx context.Context, err error) {
	writeProblem(humafiber.Unwrap(c), problemOf(ctx, err, requestID(humafiber.Unwrap(c))))
}

func writeProblem(f *fiber.Ctx, p *Problem) {
	body, _ := json.Marshal(p)
	f.Response().ResetBody()
	f.Status(p.Status)
	f.Set(fiber.HeaderContentType, "application/problem+json")
	if p.retryAfter > 0 {
		f.Set(fiber.HeaderRetryAfter, strconv.Itoa(p.retryAfter))
	}
	f.Response().SetBodyRaw(body)
}

// lastResort answers what no handler did: unknown paths, bodies over the
// limit, panics.
func (s *Server) lastResort(f *fiber.Ctx, err error) error {
	ctx := context.WithValue(f.UserContext(), localeKey{}, localeFrom(f))
	var fe *fiber.Error
	if errors.As(err, &fe) {
		switch fe.Code {
		case http.StatusNotFound, http.StatusMethodNotAllowed:
			err = fault.ErrMissing
		case http.StatusRequestEntityTooLarge:
			err = fault.New(fault.TooLarge, "too-large", "内容超过上限。", "The content is over the limit.")
		default:
			writeProblem(f, &Problem{Type: "/problems/http-" + strconv.Itoa(fe.Code), Status: fe.Code, Title: http.StatusText(fe.Code), RequestID: requestID(f)})
			return nil
		}
	}
	writeProblem(f, problemOf(ctx, err, requestID(f)))
	return nil
}

func localeFrom(f *fiber.Ctx) string {
	if strings.HasPrefix(strings.ToLower(f.Get(fiber.HeaderAcceptLanguage)), "en") {
		return "en"
	}
	return "zh"
}

// The schema layer reports through this hook. Its own version echoes the
// values that were sent; ours names the field and the rule only.
func init() {
	// The decoder below the schemas takes a key in any case; two cases of one
	// key would be a duplicate it does not see.
	huma.ValidateStrictCasing = true
	huma.NewErrorWithContext = func(c huma.Context, status int, message string, errs ...error) huma.StatusError {
		ctx := context.Background()
		id := ""
		if c != nil {
			ctx = c.Context()
			id = requestID(humafiber.Unwrap(c))
		}
		return schemaProblem(ctx, status, message, id, errs)
	}
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		return schemaProblem(context.Background(), status, message, "", errs)
	}
}

func schemaProblem(ctx context.Context, status int, message, id string, errs []error) *Problem {
	locale := localeOf(ctx)
	if status == http.StatusInternalServerError {
		return problemOf(ctx, errors.New(message), id)
	}
	p := &Problem{
		Type: "/problems/invalid", Status: status, RequestID: id,
		Title: fault.Words{Zh: "有内容需要修改，已填写的内容都还在。", En: "Some content needs correction. Everything you typed is kept."}.In(locale),
	}
	if status == http.StatusBadRequest {
		p.Type = "/problems/malformed"
		p.Title = fault.Words{Zh: "请求格式不正确。", En: "The request is malformed."}.In(locale)
	}
	for _, err := range errs {
		var d huma.ErrorDetailer
		if !errors.As(err, &d) {
			continue
		}
		detail := d.ErrorDetail()
		field := strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(detail.Location, "body."), "query."), "path.")
		code, words := schemaWords(detail.Message)
		if code == "required" {
			if _, name, ok := strings.Cut(detail.Message, "required property "); ok {
				name = strings.TrimSuffix(name, " to be present")
				field = strings.TrimPrefix(strings.TrimPrefix(field+"."+name, "body."), ".")
			}
		}
		p.Errors = append(p.Errors, FieldProblem{field, code, words.In(locale)})
	}
	return p
}

// schemaWords says a schema rule in words; the library's own are English and
// written for programmers.
func schemaWords(m string) (string, fault.Words) {
	rules := []struct {
		part, code, zh, en string
	}{
		{"required property", "required", "必填。", "Required."},
		{"unexpected property", "unknown_field", "不认识的字段。", "Unknown field."},
		{"expected length <=", "too_long", "太长了。", "Too long."},
		{"expected length >=", "too_short", "太短了。", "Too short."},
		{"expected value to be one of", "unknown", "不是可选的值。", "Not one of the choices."},
		{"expected number >=", "too_small", "数值太小。", "The number is too small."},
		{"expected number <=", "too_large", "数值太大。", "The number is too large."},
		{"array length >=", "too_few", "至少选择一项。", "Choose at least one."},
		{"array length <=", "too_many", "项目太多。", "Too many items."},
		{"unique", "repeated", "有重复的项目。", "Items are repeated."},
		{"uuid", "format", "编号格式不正确。", "Not a valid id."},
		{"date", "format", "日期格式不正确。", "Not a valid date."},
		{"unknown query parameter", "unknown_field", "不认识的参数。", "Unknown parameter."},
	}
	for _, r := range rules {
		if strings.Contains(m, r.part) {
			return r.code, fault.Words{Zh: r.zh, En: r.en}
		}
	}
	return "format", fault.Words{Zh: "格式不正确。", En: "Not in the right form."}
}

// strictJSON refuses duplicate keys and anything after the document; unknown
// keys are refused by the schemas.
var strictJSON = huma.Format{
	Marshal: func(w io.Writer, v any) error {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		return e.Encode(v)
	},
	Unmarshal: func(data []byte, v any) error {
		if !utf8.Valid(data) {
			return errors.New("not UTF-8")
		}
		d := json.NewDecoder(bytes.NewReader(data))
		if err := walk(d, 0); err != nil {
			return err
		}
		if _, err := d.Token(); !errors.Is(err, io.EOF) {
			return errors.New("more than one document")
		}
		return json.Unmarshal(data, v)
	},
}

// walk reads one value and refuses duplicate keys, depth past 32 and NUL.
func walk(d *json.Decoder, depth int) error {
	if depth > 32 {
		return errors.New("too deep")
	}
	t, err := d.Token()
	if err != nil {
		return err
	}
	switch v := t.(type) {
	case string:
		if strings.ContainsRune(v, 0) {
			return errors.New("a NUL character")
		}
	case json.Delim:
		seen := map[string]bool{}
		for d.More() {
			if v == '{' {
				key, err := d.Token()
				if err != nil {
					return err
				}
				name, _ := key.(string)
				if seen[name] {
					return errors.New("duplicate key")
				}
				seen[name] = true
			}
			if err := walk(d, depth+1); err != nil {
				return err
			}
		}
		_, err = d.Token()
		return err
	}
	return nil
}
