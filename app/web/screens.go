package web

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/gofiber/fiber/v2"

	"ecoport/frontend"
)

// asset is one built file in the encodings it was built in.
type asset struct {
	mediaType     string
	plain, br, gz []byte
	cacheForever  bool
}

// screens serves the built front end from memory: precompressed, assets with
// a hash in their name immutable, every other path the application's page.
func (s *Server) screens() {
	assets := map[string]*asset{}
	_ = fs.WalkDir(frontend.Site(), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil //nolint:nilerr // an unbuilt front end is an empty one
		}
		b, err := fs.ReadFile(frontend.Site(), p)
		if err != nil {
			return err
		}
		name, encoding := p, ""
		for _, e := range []string{".br", ".gz"} {
			if strings.HasSuffix(p, e) {
				name, encoding = strings.TrimSuffix(p, e), e
			}
		}
		a := assets[name]
		if a == nil {
			a = &asset{mediaType: mime.TypeByExtension(path.Ext(name)), cacheForever: strings.HasPrefix(name, "assets/")}
			assets[name] = a
		}
		switch encoding {
		case ".br":
			a.br = b
		case ".gz":
			a.gz = b
		default:
			a.plain = b
		}
		return nil
	})
	s.fiber.Get("/*", func(f *fiber.Ctx) error {
		name := strings.TrimPrefix(path.Clean(f.Path()), "/")
		if a := assets[name]; a != nil && name != "index.html" {
			return a.send(f)
		}
		if strings.HasPrefix(name, "assets/") {
			return fiber.ErrNotFound
		}
		index := assets["index.html"]
		if index == nil {
			return f.Status(http.StatusServiceUnavailable).SendString("The screens are not built into this binary: build the front end, then the binary.")
		}
		f.Set(fiber.HeaderCacheControl, "no-store")
		f.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
		return f.Send(bytes.Replace(index.plain, []byte("<!--boot-->"), s.boot(f), 1))
	})
}

func (a *asset) send(f *fiber.Ctx) error {
	f.Set(fiber.HeaderContentType, a.mediaType)
	f.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	if a.cacheForever {
		f.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	} else {
		f.Set(fiber.HeaderCacheControl, "public, max-age=300")
	}
	accepted := f.Get(fiber.HeaderAcceptEncoding)
	switch {
	case a.br != nil && strings.Contains(accepted, "br"):
		f.Set(fiber.HeaderContentEncoding, "br")
		return f.Send(a.br)
	case a.gz != nil && strings.Contains(accepted, "gzip"):
		f.Set(fiber.HeaderContentEncoding, "gzip")
		return f.Send(a.gz)
	}
	return f.Send(a.plain)
}

// boot puts who is signed in into the page as data, which saves the first
// round trip. It is a data block, not a script, so the content policy holds.
func (s *Server) boot(f *fiber.Ctx) []byte {
	access := accessToken(f)
	if access == "" {
		return nil
	}
	ctx := context.WithValue(f.UserContext(), localeKey{}, localeFrom(f))
	actor, err := s.Tenants.Authenticate(ctx, access)
	if err != nil {
		return nil
	}
	me, err := s.me(ctx, actor)
	if err != nil {
		return nil
	}
	// json.Marshal escapes <, > and &, so the block cannot be closed early.
	b, err := json.Marshal(me)
	if err != nil {
		return nil
	}
	return append(append([]byte(`<script type="application/json" id="boot">`), b...), "</script>"...)
}
