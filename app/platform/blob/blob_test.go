package blob

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"mime"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const origin = "http://portal.example"

// open connects to the real store that `make test` starts, in a bucket of this test's own.
func open(t *testing.T) *Store {
	t.Helper()
	cfg := Config{
		Endpoint: os.Getenv("TEST_S3_ENDPOINT"), AccessKey: os.Getenv("TEST_S3_ACCESS_KEY"),
		SecretKey: os.Getenv("TEST_S3_SECRET_KEY"), Region: os.Getenv("TEST_S3_REGION"),
		Bucket: "blob-" + strings.ToLower(rand.Text()[:12]),
	}
	if cfg.Endpoint == "" {
		t.Fatal("TEST_S3_ENDPOINT is not set: run `make test`, or `bin/portal dev --test -- go test ./app/platform/blob`")
	}
	s, err := New(cfg)
	require.NoError(t, err)
	require.NoError(t, s.EnsureBucket(t.Context(), []string{origin}))
	require.NoError(t, s.EnsureBucket(t.Context(), []string{origin}), "a second time is fine")
	return s
}

func sum(b []byte) string {
	h := sha256.Sum256(b)
	return base64.StdEncoding.EncodeToString(h[:])
}

func send(t *testing.T, method, url string, headers map[string]string, body []byte) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(body))
	require.NoError(t, err)
	for k, v := range headers {
		req.Header.Set(k, v)
	}
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res, string(b)
}

func TestPutGetStatDelete(t *testing.T) {
	s, ctx := open(t), t.Context()
	_, err := s.Stat(ctx, "t/none")
	require.ErrorIs(t, err, ErrNotFound)
	_, _, err = s.Get(ctx, "t/none")
	require.ErrorIs(t, err, ErrNotFound)
	require.NoError(t, s.Delete(ctx, "t/none"))

	content := bytes.Repeat([]byte("内容 "), 100_000)
	require.NoError(t, s.Put(ctx, "t/known", bytes.NewReader(content), int64(len(content)), "text/plain"))
	require.NoError(t, s.Put(ctx, "t/unknown", io.MultiReader(bytes.NewReader(content)), -1, "text/plain"))
	for _, key := range []string{"t/known", "t/unknown"} {
		info, err := s.Stat(ctx, key)
		require.NoError(t, err)
		require.Equal(t, int64(len(content)), info.Size)
		require.Equal(t, "text/plain", info.MediaType)
		r, _, err := s.Get(ctx, key)
		require.NoError(t, err)
		got, err := io.ReadAll(r)
		require.NoError(t, err)
		require.NoError(t, r.Close())
		require.Equal(t, content, got)
	}
	require.NoError(t, s.Delete(ctx, "t/known"))
	_, err = s.Stat(ctx, "t/known")
	require.ErrorIs(t, err, ErrNotFound)
}

func TestA34PresignedUploadTakesOnlyTheSignedContent(t *testing.T) {
	s, ctx := open(t), t.Context()
	content := []byte("the agreed content")
	url, headers, err := s.PresignPut(ctx, "t/a", int64(len(content)), sum(content), "application/pdf", time.Minute)
	require.NoError(t, err)
	with := func(change map[string]string) map[string]string {
		all := map[string]string{}
		for k, v := range headers {
			all[k] = v
		}
		for k, v := range change {
			all[k] = v
		}
		return all
	}
	other := []byte("the other  content") // as long as the agreed one
	require.Len(t, other, len(content))

	for name, refused := range map[string]struct {
		method, url string
		headers     map[string]string
		body        []byte
	}{
		"other content":                       {http.MethodPut, url, headers, other},
		"other content with its checksum":     {http.MethodPut, url, with(map[string]string{"X-Amz-Checksum-Sha256": sum(other)}), other},
		"longer":                              {http.MethodPut, url, headers, append(bytes.Clone(content), '!')},
		"shorter":                             {http.MethodPut, url, headers, content[:5]},
		"empty":                               {http.MethodPut, url, headers, nil},
		"other type":                          {http.MethodPut, url, with(map[string]string{"Content-Type": "text/html"}), content},
		"no checksum":                         {http.MethodPut, url, map[string]string{"Content-Type": "application/pdf"}, content},
		"other key":                           {http.MethodPut, strings.Replace(url, "/t/a?", "/t/b?", 1), headers, content},
		"other bucket":                        {http.MethodPut, strings.Replace(url, s.bucket, "another-bucket", 1), headers, content},
		"longer life":                         {http.MethodPut, strings.Replace(url, "X-Amz-Expires=60", "X-Amz-Expires=6000", 1), headers, content},
		"read instead":                        {http.MethodGet, url, nil, nil},
		"delete instead":                      {http.MethodDelete, url, nil, nil},
		"no signature":                        {http.MethodPut, url[:strings.Index(url, "?")], headers, content},
		"header not signed: metadata":         {http.MethodPut, url, with(map[string]string{"X-Amz-Meta-Owner": "me"}), content},
		"header not signed: public ACL":       {http.MethodPut, url, with(map[string]string{"X-Amz-Acl": "public-read"}), content},
		"header not signed: copy a neighbour": {http.MethodPut, url, with(map[string]string{"X-Amz-Copy-Source": s.bucket + "/t/secret"}), content},
	} {
		t.Run(name, func(t *testing.T) {
			res, body := send(t, refused.method, refused.url, refused.headers, refused.body)
			require.GreaterOrEqual(t, res.StatusCode, 400, body)
			require.Less(t, res.StatusCode, 500, body)
			for _, key := range []string{"t/a", "t/b"} {
				_, err := s.Stat(ctx, key)
				require.ErrorIs(t, err, ErrNotFound, "nothing was stored")
			}
		})
	}

	res, body := send(t, http.MethodPut, url, headers, content)
	require.Equal(t, http.StatusOK, res.StatusCode, body)
	info, err := s.Stat(ctx, "t/a")
	require.NoError(t, err)
	require.Equal(t, "application/pdf", info.MediaType)
	require.Equal(t, int64(len(content)), info.Size)
}

func TestA34LinksExpire(t *testing.T) {
	s, ctx := open(t), t.Context()
	content := []byte("x")
	require.NoError(t, s.Put(ctx, "t/a", bytes.NewReader(content), 1, "text/plain"))
	get, err := s.PresignGet(ctx, "t/a", "a.txt", false, time.Second)
	require.NoError(t, err)
	put, headers, err := s.PresignPut(ctx, "t/new", 1, sum(content), "text/plain", time.Second)
	require.NoError(t, err)
	time.Sleep(2100 * time.Millisecond)
	res, _ := send(t, http.MethodGet, get, nil, nil)
	require.Equal(t, http.StatusForbidden, res.StatusCode)
	res, _ = send(t, http.MethodPut, put, headers, content)
	require.Equal(t, http.StatusForbidden, res.StatusCode)

	long, err := s.PresignGet(ctx, "t/a", "a.txt", false, 24*time.Hour)
	require.NoError(t, err)
	require.Contains(t, long, "X-Amz-Expires=300&", "longer wishes are cut to five minutes")
}

func TestA34DownloadLinkIsForOneKeyAndOneWay(t *testing.T) {
	s, ctx := open(t), t.Context()
	for _, key := range []string{"t/a", "t/b"} {
		require.NoError(t, s.Put(ctx, key, strings.NewReader(key), int64(len(key)), "text/html"))
	}
	url, err := s.PresignGet(ctx, "t/a", "合同 v2.html", true, time.Minute)
	require.NoError(t, err)
	res, body := send(t, http.MethodGet, url, nil, nil)
	require.Equal(t, http.StatusOK, res.StatusCode, body)
	require.Equal(t, "t/a", body)
	require.Equal(t, "application/octet-stream", res.Header.Get("Content-Type"), "active content is never shown in place")
	kind, params, err := mime.ParseMediaType(res.Header.Get("Content-Disposition"))
	require.NoError(t, err, res.Header.Get("Content-Disposition"))
	require.Equal(t, "attachment", kind)
	require.Equal(t, "合同 v2.html", params["filename"])

	for name, bad := range map[string][2]string{
		"other key":          {http.MethodGet, strings.Replace(url, "/t/a?", "/t/b?", 1)},
		"shown in place":     {http.MethodGet, strings.Replace(url, "attachment", "inline", 1)},
		"as a page":          {http.MethodGet, strings.Replace(url, "application%2Foctet-stream", "text%2Fhtml", 1)},
		"delete":             {http.MethodDelete, url},
		"overwrite":          {http.MethodPut, url},
		"list the bucket":    {http.MethodGet, strings.Replace(url, "/t/a?", "/?", 1)},
		"a path up":          {http.MethodGet, strings.Replace(url, "/t/a?", "/t/../t/b?", 1)},
		"an encoded path up": {http.MethodGet, strings.Replace(url, "/t/a?", "/t/%2e%2e/t/b?", 1)},
	} {
		t.Run(name, func(t *testing.T) {
			require.NotEqual(t, url, bad[1]+map[bool]string{true: "!", false: ""}[bad[0] != http.MethodGet])
			res, body := send(t, bad[0], bad[1], nil, nil)
			require.GreaterOrEqual(t, res.StatusCode, 400, body)
			require.Less(t, res.StatusCode, 500, body)
			require.NotContains(t, body, "t/b</", "no answer repeats another key's content")
		})
	}
}

func TestBrowsersOfAllowedOriginsMayUseLinks(t *testing.T) {
	s, ctx := open(t), t.Context()
	content := []byte("from a page")
	url, headers, err := s.PresignPut(ctx, "t/page", int64(len(content)), sum(content), "text/plain", time.Minute)
	require.NoError(t, err)
	preflight := func(from string) *http.Response {
		res, _ := send(t, http.MethodOptions, url, map[string]string{
			"Origin": from, "Access-Control-Request-Method": http.MethodPut,
			"Access-Control-Request-Headers": "content-type,x-amz-checksum-sha256,x-amz-meta-part",
		}, nil)
		return res
	}
	res := preflight(origin)
	require.Less(t, res.StatusCode, 300)
	require.Equal(t, origin, res.Header.Get("Access-Control-Allow-Origin"))
	require.Contains(t, res.Header.Get("Access-Control-Allow-Methods"), http.MethodPut)
	for _, h := range []string{"content-type", "x-amz-checksum-sha256", "x-amz-meta-part"} {
		require.Contains(t, strings.ToLower(res.Header.Get("Access-Control-Allow-Headers")), h)
	}
	require.Empty(t, preflight("http://elsewhere.example").Header.Get("Access-Control-Allow-Origin"))

	headers["Origin"] = origin
	res, body := send(t, http.MethodPut, url, headers, content)
	require.Equal(t, http.StatusOK, res.StatusCode, body)
	require.Equal(t, origin, res.Header.Get("Access-Control-Allow-Origin"))
	get, err := s.PresignGet(ctx, "t/page", "页.txt", true, time.Minute)
	require.NoError(t, err)
	res, body = send(t, http.MethodGet, get, map[string]string{"Origin": origin}, nil)
	require.Equal(t, string(content), body)
	require.Equal(t, origin, res.Header.Get("Access-Control-Allow-Origin"))
	require.Equal(t, "text/plain; charset=utf-8", res.Header.Get("Content-Type"))
	require.True(t, strings.HasPrefix(res.Header.Get("Content-Disposition"), "inline;"))
}

func TestA32HostileNames(t *testing.T) {
	for name, want := range map[string]string{
		"合同.pdf":                          "合同.pdf",
		"../../etc/passwd":                "passwd",
		`C:\Users\me\报价.xlsx`:             "报价.xlsx",
		"a\r\nSet-Cookie: x=1.pdf":        "aSet-Cookie: x=1.pdf",
		`quote".pdf`:                      `quote".pdf`,
		"rtl\u202efdp.exe":                "rtlfdp.exe",
		"":                                "file",
		"...":                             "file",
		"\x00":                            "file",
		"100%;filename*=UTF-8''evil.exe":  "100%;filename*=UTF-8''evil.exe",
		strings.Repeat("长", 300) + ".pdf": strings.Repeat("长", 116) + ".pdf",
		"bad\xffutf8.txt":                 "badutf8.txt",
	} {
		disposition, _ := delivery(name, false)
		require.NotContains(t, disposition, "\r")
		require.NotContains(t, disposition, "\n")
		kind, params, err := mime.ParseMediaType(disposition)
		require.NoError(t, err, disposition)
		require.Equal(t, "attachment", kind)
		require.Equal(t, want, params["filename"], "from %q", name)
	}
	for _, name := range []string{"x.svg", "x.html", "x.xml", "x", "x.pdf.js"} {
		disposition, mediaType := delivery(name, true)
		require.True(t, strings.HasPrefix(disposition, "attachment;"), name)
		require.Equal(t, "application/octet-stream", mediaType)
	}
}

func TestKeysAndContentAreChecked(t *testing.T) {
	s, ctx := open(t), context.Background()
	for _, key := range []string{"", "/a", "a/", "a//b", "../a", "a/../b", "a b", "名", "a\x00", "a?x", strings.Repeat("k", 513)} {
		_, err := s.PresignGet(ctx, key, "f", false, time.Minute)
		require.ErrorContains(t, err, "not a key", key)
		require.Error(t, s.Put(ctx, key, strings.NewReader(""), 0, "text/plain"))
	}
	good := sum([]byte("x"))
	for name, c := range map[string]struct {
		size      int64
		sum, kind string
	}{
		"empty": {0, good, "text/plain"}, "huge": {5<<30 + 1, good, "text/plain"}, "negative": {-1, good, "text/plain"},
		"hex checksum": {1, strings.Repeat("ab", 32), "text/plain"}, "no checksum": {1, "", "text/plain"},
		"no type": {1, good, ""}, "line break in type": {1, good, "text/plain\r\nX: y"},
	} {
		_, _, err := s.PresignPut(ctx, "t/k", c.size, c.sum, c.kind, time.Minute)
		require.Error(t, err, name)
	}
}
