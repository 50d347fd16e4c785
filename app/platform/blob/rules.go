package blob

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"mime"
	"net/url"
	"path"
	"strings"
	"unicode"
)

// checkKey accepts our own opaque keys only: nothing a person typed can be a path here.
func checkKey(key string) error {
	if key == "" || len(key) > 512 || strings.HasPrefix(key, "/") || strings.HasSuffix(key, "/") {
		return fmt.Errorf("blob: %q is not a key", key)
	}
	for part := range strings.SplitSeq(key, "/") {
		if part == "" || part == "." || part == ".." {
			return fmt.Errorf("blob: %q is not a key", key)
		}
	}
	for _, r := range key {
		ok := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/-_.", r)
		if !ok {
			return fmt.Errorf("blob: %q is not a key", key)
		}
	}
	return nil
}

func checkContent(size int64, sum, mediaType string) error {
	if size <= 0 || size > 5<<30 {
		return fmt.Errorf("blob: a size of %d bytes cannot be uploaded at once", size)
	}
	if raw, err := base64.StdEncoding.DecodeString(sum); err != nil || len(raw) != sha256.Size {
		return errors.New("blob: the checksum must be a SHA-256 in base64")
	}
	if kind, _, err := mime.ParseMediaType(mediaType); err != nil || !strings.Contains(kind, "/") {
		return fmt.Errorf("blob: %q is not a media type", mediaType)
	}
	return nil
}

// quiet are the types a browser may show in place: none can run anything. SVG, HTML and XML can.
var quiet = map[string]string{
	".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg",
	".gif": "image/gif", ".webp": "image/webp", ".txt": "text/plain; charset=utf-8", ".mp4": "video/mp4",
}

// delivery chooses disposition and type for a name that someone else may have made up.
func delivery(filename string, inline bool) (disposition, mediaType string) {
	name := cleanName(filename)
	kind, mediaType := "attachment", "application/octet-stream"
	if safe, ok := quiet[strings.ToLower(path.Ext(name))]; inline && ok {
		kind, mediaType = "inline", safe
	}
	ascii := strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII || r == '"' || r == '\\' || r == '%' {
			return '_'
		}
		return r
	}, name)
	// RFC 6266: the plain name for old programs, the RFC 5987 one for the rest.
	return fmt.Sprintf(`%s; filename="%s"; filename*=UTF-8''%s`, kind, ascii, encode5987(name)), mediaType
}

// cleanName drops folders, control and direction characters (a reversed "exe.pdf"), and limits the length.
func cleanName(filename string) string {
	name := filename[strings.LastIndexAny(filename, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	name = strings.TrimLeft(strings.TrimSpace(name), ".")
	if runes := []rune(name); len(runes) > 120 {
		ext := []rune(path.Ext(name))
		if len(ext) > 12 {
			ext = nil
		}
		name = string(runes[:120-len(ext)]) + string(ext)
	}
	if name == "" {
		return "file"
	}
	return name
}

func encode5987(s string) string {
	// PathEscape leaves a few characters that RFC 5987 does not.
	return strings.NewReplacer("'", "%27", "(", "%28", ")", "%29", "*", "%2A", ":", "%3A", "@", "%40",
		"=", "%3D", ",", "%2C", ";", "%3B").Replace(url.PathEscape(s))
}
