// Package fault is the vocabulary of refusals: what kind of no it is, a stable
// code for machines, and the sentence for people in both languages. app/web
// turns a fault into an RFC 9457 problem; any other error is a bland 500.
package fault

import (
	"errors"
	"fmt"
	"sort"
)

// Kind decides the HTTP status; see app/web/errors.go.
type Kind int

// The kinds of no.
const (
	Invalid         Kind = iota + 1 // content is wrong, fields say where
	Conflict                        // right content, wrong state
	Stale                           // somebody else changed it first
	Missing                         // not there, or not yours to see
	Denied                          // you lack a permission
	Unauthenticated                 // we do not know who you are
	TooMany                         // slow down
	Unavailable                     // a part we need does not answer
	TooLarge                        // the thing sent is over its limit
)

// Words is one sentence in both languages. Verbs of fmt stand for params.
type Words struct{ Zh, En string }

// In returns the sentence in the language ("en" or anything else for Chinese).
func (w Words) In(locale string) string {
	if locale == "en" {
		return w.En
	}
	return w.Zh
}

// Fill puts values into both sentences.
func (w Words) Fill(args ...any) Words {
	return Words{Zh: fmt.Sprintf(w.Zh, args...), En: fmt.Sprintf(w.En, args...)}
}

// Field is what is wrong with one field. Name is the path in the request body.
type Field struct {
	Name  string
	Code  string
	Words Words
}

// Error is a refusal.
type Error struct {
	Kind       Kind
	Code       string
	Words      Words
	Fields     []Field
	Permission string // the missing one, for Denied
	RetryAfter int    // seconds, for TooMany
}

func (e *Error) Error() string { return e.Code + ": " + e.Words.En }

// Is compares kind and code, so a filled copy still matches its definition.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Kind == e.Kind && t.Code == e.Code
}

// New defines a refusal; keep the result in a package variable.
func New(kind Kind, code, zh, en string) *Error {
	return &Error{Kind: kind, Code: code, Words: Words{zh, en}}
}

// Fill returns a copy with values in its sentences.
func (e *Error) Fill(args ...any) *Error {
	c := *e
	c.Words = e.Words.Fill(args...)
	return &c
}

// Refusals that every package knows.
var (
	ErrMissing = New(Missing, "not-found", "没有找到，或者您无权查看。", "Not found, or not yours to see.")
	ErrStale   = New(Stale, "stale", "这条记录已被他人修改，您的内容没有丢失，请比对后再保存。", "Somebody else changed this record first. Nothing you typed is lost; compare and save again.")
)

// DeniedFor says which permission is missing.
func DeniedFor(permission string) *Error {
	e := New(Denied, "denied", "您没有权限进行这项操作（%s）。", "You lack the permission for this (%s).").Fill(permission)
	e.Permission = permission
	return e
}

// Checker collects all that is wrong with an input before answering.
type Checker struct{ fields []Field }

// Add records one wrong field.
func (c *Checker) Add(field, code, zh, en string) {
	c.fields = append(c.fields, Field{field, code, Words{zh, en}})
}

// Require records that a field is empty.
func (c *Checker) Require(field string, filled bool) {
	if !filled {
		c.Add(field, "required", "必填。", "Required.")
	}
}

// OneOf records a value that is not in the closed list.
func (c *Checker) OneOf(field, value string, allowed ...string) {
	for _, a := range allowed {
		if a == value {
			return
		}
	}
	c.Add(field, "unknown", "不是可选的值。", "Not one of the choices.")
}

// Err is nil when nothing was recorded.
func (c *Checker) Err() error {
	if len(c.fields) == 0 {
		return nil
	}
	sort.SliceStable(c.fields, func(i, j int) bool { return c.fields[i].Name < c.fields[j].Name })
	e := New(Invalid, "invalid", "有内容需要修改，已填写的内容都还在。", "Some content needs correction. Everything you typed is kept.")
	e.Fields = c.fields
	return e
}

// Of is a refusal with what was recorded as its fields.
func (c *Checker) Of(e *Error) *Error {
	out := *e
	out.Fields = c.fields
	return &out
}

// As finds a fault in an error chain.
func As(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}
