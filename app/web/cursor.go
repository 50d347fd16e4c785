package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"

	"ecoport/app/platform/fault"
	"ecoport/tenants"
)

var errID = fault.New(fault.Invalid, "id", "编号格式不正确。", "Not a valid id.")

var errCursor = fault.New(fault.Invalid, "cursor", "翻页标记无效，请从第一页重新开始。", "This page marker is not valid. Start again from the first page.")

// cursor packs the key of the last row. It is signed for one person, tenant
// and list: an edited or borrowed one is refused.
func (s *Server) cursor(a tenants.Actor, list string, key any) string {
	body, _ := json.Marshal(key)
	return base64.RawURLEncoding.EncodeToString(append(s.seal(a, list, body), body...))
}

// openCursor unpacks into key; an empty cursor leaves it as it is.
func (s *Server) openCursor(a tenants.Actor, list, raw string, key any) error {
	if raw == "" {
		return nil
	}
	b, err := base64.RawURLEncoding.DecodeString(raw)
	if err != nil || len(b) < 16 || !hmac.Equal(b[:16], s.seal(a, list, b[16:])) || json.Unmarshal(b[16:], key) != nil {
		return errCursor
	}
	return nil
}

func (s *Server) seal(a tenants.Actor, list string, body []byte) []byte {
	mac := hmac.New(sha256.New, s.Options.CursorKey)
	mac.Write([]byte(list))
	mac.Write(a.User[:])
	mac.Write(a.Tenant.ID[:])
	mac.Write(body)
	return mac.Sum(nil)[:16]
}
