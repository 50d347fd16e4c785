package bench

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"ecoport/app/platform/blob"
)

const (
	uploadBytes = 256 << 20
	uploadsAway = 3 // parts on their way at a time, as the page does
	uploader    = "author@p01.example"
)

// cut is a file with the digests of its parts.
type cut struct {
	content []byte
	sums    []string
}

func cutUp(content []byte) cut {
	c := cut{content, make([]string, blob.PartsOf(int64(len(content))))}
	for n := range c.sums {
		sum := sha256.Sum256(c.part(n + 1))
		c.sums[n] = base64.StdEncoding.EncodeToString(sum[:])
	}
	return c
}

func (c cut) part(n int) []byte {
	from := int64(n-1) * blob.PartSize
	return c.content[from : from+blob.SizeOf(int64(len(c.content)), n)]
}

// send puts all parts, by links that are asked for one by one.
func (c cut) send(ctx context.Context, link func(n int) (string, map[string]string, error)) error {
	var g errgroup.Group
	g.SetLimit(uploadsAway)
	for n := 1; n <= len(c.sums); n++ {
		g.Go(func() error {
			url, headers, err := link(n)
			if err != nil {
				return err
			}
			return put(ctx, url, headers, c.part(n))
		})
	}
	return g.Wait()
}

// uploads measures how fast a large file arrives, beside the bare store that is
// given the same parts. Both know the digests before.
func (r *runner) uploads(ctx context.Context) error {
	if err := r.signIn(ctx, uploader); err != nil {
		return err
	}
	content := make([]byte, uploadBytes)
	if _, err := rand.Read(content); err != nil {
		return err
	}
	copy(content, "%PDF-1.4\n")
	file := cutUp(content)
	store := r.app.Services.Blob
	bare := func(key string) (float64, error) {
		started := time.Now()
		upload, err := store.StartParts(ctx, key, "application/pdf")
		if err != nil {
			return 0, err
		}
		if err := file.send(ctx, func(n int) (string, map[string]string, error) {
			return store.PresignPart(ctx, key, upload, n, blob.SizeOf(uploadBytes, n), file.sums[n-1], blob.MaxTTL)
		}); err != nil {
			return 0, err
		}
		there, err := store.Parts(ctx, key, upload)
		if err == nil {
			err = store.FinishParts(ctx, key, upload, there)
		}
		return mbPerSecond(time.Since(started)), err
	}
	if _, err := bare("bench/warm"); err != nil {
		return err
	}
	reference, err := bare("bench/bare")
	if err != nil {
		return err
	}
	started := time.Now()
	if _, err := r.uploadCut(ctx, uploader, "solution_file", "package.pdf", "application/pdf", file); err != nil {
		return err
	}
	ours := mbPerSecond(time.Since(started))
	r.add(Figure{Name: fmt.Sprintf("upload of %d MB in parts", uploadBytes>>20), Ours: ours, Reference: reference, Ratio: reference / ours, Budget: 1.25, Unit: "MB/s vs the bare store"})
	return nil
}

func mbPerSecond(d time.Duration) float64 { return float64(uploadBytes>>20) / d.Seconds() }

func put(ctx context.Context, url string, headers map[string]string, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	for k, v := range headers {
		req.Header.Set(k, v)
	}
	res, err := plainClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("bench: the store answered %d", res.StatusCode)
	}
	return nil
}

// upload puts a file the way a browser does.
func (r *runner) upload(ctx context.Context, email, purpose, name, mediaType string, content []byte) (string, error) {
	return r.uploadCut(ctx, email, purpose, name, mediaType, cutUp(content))
}

func (r *runner) uploadCut(ctx context.Context, email, purpose, name, mediaType string, file cut) (string, error) {
	var ticket struct {
		File    struct{ ID string }
		URL     string
		Headers map[string]string
	}
	announce := map[string]any{"purpose": purpose, "name": name, "media_type": mediaType, "size": len(file.content), "sha256": file.whole()}
	if err := r.call(ctx, email, http.MethodPost, "/api/files", announce, &ticket); err != nil {
		return "", err
	}
	path := "/api/files/" + ticket.File.ID
	var err error
	if ticket.URL != "" {
		err = put(ctx, ticket.URL, ticket.Headers, file.content)
	} else {
		err = file.send(ctx, func(n int) (string, map[string]string, error) {
			var links struct {
				Items []struct {
					URL     string
					Headers map[string]string
				}
			}
			if err := r.call(ctx, email, http.MethodPost, path+"/parts", map[string]any{"parts": []any{map[string]any{"number": n, "sha256": file.sums[n-1]}}}, &links); err != nil {
				return "", nil, err
			}
			return links.Items[0].URL, links.Items[0].Headers, nil
		})
	}
	if err != nil {
		return "", err
	}
	var done struct{ State string }
	return ticket.File.ID, r.call(ctx, email, http.MethodPost, path+"/complete", nil, &done)
}

// oneGo is the size in bytes up to which a file is sent in one piece.
const oneGo = 64 << 20

// whole is the digest a file is announced with.
func (c cut) whole() string {
	sum := sha256.New()
	if len(c.content) <= oneGo {
		sum.Write(c.content)
		return base64.StdEncoding.EncodeToString(sum.Sum(nil))
	}
	for _, s := range c.sums {
		part, _ := base64.StdEncoding.DecodeString(s) // we wrote it
		sum.Write(part)
	}
	return base64.StdEncoding.EncodeToString(sum.Sum(nil))
}
