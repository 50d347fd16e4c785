package blob

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/minio/minio-go/v7"
)

// PartSize is how a large file is cut, in bytes; the last part is what is left.
const PartSize = 16 << 20

// Part of an upload that has arrived.
type Part struct {
	Number int
	Size   int64
	SHA256 string // base64; empty where the store does not keep it
	ETag   string
}

// PartsOf tells in how many parts so many bytes are sent.
func PartsOf(size int64) int { return int((size + PartSize - 1) / PartSize) }

// SizeOf is how many bytes the part has.
func SizeOf(size int64, number int) int64 {
	return min(PartSize, size-int64(number-1)*PartSize)
}

// StartParts begins an upload in parts and names it.
func (s *Store) StartParts(ctx context.Context, key, mediaType string) (upload string, err error) {
	if err := checkKey(key); err != nil {
		return "", err
	}
	upload, err = s.client.NewMultipartUpload(ctx, s.bucket, key, minio.PutObjectOptions{ContentType: mediaType, UserMetadata: map[string]string{"X-Amz-Checksum-Algorithm": "SHA256"}})
	if err != nil {
		return "", fmt.Errorf("blob: start parts: %w", err)
	}
	return upload, nil
}

// PresignPart returns a link that stores exactly one content as a part, as
// PresignPut does for a whole file.
func (s *Store) PresignPart(ctx context.Context, key, upload string, number int, size int64, sum string, ttl time.Duration) (string, map[string]string, error) {
	if err := checkKey(key); err != nil {
		return "", nil, err
	}
	if err := checkContent(size, sum, "application/octet-stream"); err != nil {
		return "", nil, err
	}
	headers := map[string]string{"X-Amz-Checksum-Sha256": sum}
	signed := http.Header{"Content-Length": {fmt.Sprint(size)}, "X-Amz-Checksum-Sha256": {sum}}
	u, err := s.public.PresignHeader(ctx, http.MethodPut, s.bucket, key, capTTL(ttl), url.Values{"uploadId": {upload}, "partNumber": {strconv.Itoa(number)}}, signed)
	if err != nil {
		return "", nil, fmt.Errorf("blob: sign part: %w", err)
	}
	return u.String(), headers, nil
}

// Parts lists what has arrived, by number.
func (s *Store) Parts(ctx context.Context, key, upload string) (out []Part, err error) {
	for after := 0; ; {
		page, err := s.client.ListObjectParts(ctx, s.bucket, key, upload, after, 1000)
		if err != nil {
			if minio.ToErrorResponse(err).Code == "NoSuchUpload" {
				return nil, ErrNotFound
			}
			return nil, fmt.Errorf("blob: list parts: %w", err)
		}
		for _, p := range page.ObjectParts {
			out = append(out, Part{p.PartNumber, p.Size, p.ChecksumSHA256, p.ETag})
		}
		if !page.IsTruncated || page.NextPartNumberMarker <= after {
			return out, nil
		}
		after = page.NextPartNumberMarker
	}
}

// FinishParts makes the file of its parts; ErrNotFound when that was done before.
func (s *Store) FinishParts(ctx context.Context, key, upload string, parts []Part) error {
	all := make([]minio.CompletePart, len(parts))
	for i, p := range parts {
		all[i] = minio.CompletePart{PartNumber: p.Number, ETag: p.ETag, ChecksumSHA256: p.SHA256}
	}
	if _, err := s.client.CompleteMultipartUpload(ctx, s.bucket, key, upload, all, minio.PutObjectOptions{}); err != nil {
		if minio.ToErrorResponse(err).Code == "NoSuchUpload" {
			return ErrNotFound // somebody was faster
		}
		return fmt.Errorf("blob: finish parts: %w", err)
	}
	return nil
}

// AbortParts forgets an upload; one that is not there is no error.
func (s *Store) AbortParts(ctx context.Context, key, upload string) error {
	err := s.client.AbortMultipartUpload(ctx, s.bucket, key, upload)
	if err != nil && minio.ToErrorResponse(err).Code != "NoSuchUpload" {
		return fmt.Errorf("blob: abort parts: %w", err)
	}
	return nil
}

// Digest of a file sent in parts: the SHA-256 of the digests of its parts one
// after another, in base64. It reads r where a part has no digest.
func Digest(parts []Part, r func() (io.ReadCloser, error)) (string, error) {
	whole := sha256.New()
	for _, p := range parts {
		sum, err := base64.StdEncoding.DecodeString(p.SHA256)
		if err != nil || len(sum) != sha256.Size {
			return digestOf(r)
		}
		whole.Write(sum)
	}
	return base64.StdEncoding.EncodeToString(whole.Sum(nil)), nil
}

func digestOf(open func() (io.ReadCloser, error)) (string, error) {
	r, err := open()
	if err != nil {
		return "", err
	}
	defer r.Close()
	whole := sha256.New()
	for {
		part := sha256.New()
		n, err := io.CopyN(part, r, PartSize)
		if n > 0 {
			whole.Write(part.Sum(nil))
		}
		if errors.Is(err, io.EOF) {
			return base64.StdEncoding.EncodeToString(whole.Sum(nil)), nil
		}
		if err != nil {
			return "", err
		}
	}
}

// At reads anywhere in a file, in blocks it keeps; for what only needs a
// little of a large one.
type At struct {
	store *Store
	ctx   context.Context //nolint:containedctx // io.ReaderAt has none
	key   string
	size  int64
	left  int64
	at    int64
	block []byte
}

// ReadAt opens a file for reading anywhere, at most so many bytes of it.
func (s *Store) ReadAt(ctx context.Context, key string, size, most int64) *At {
	return &At{store: s, ctx: ctx, key: key, size: size, left: most, at: -1}
}

const blockSize = 1 << 20

// ErrTooMuch says that more would have to be read than was allowed.
var ErrTooMuch = errors.New("blob: more would have to be read than is allowed")

// ReadAt of io.ReaderAt; one caller at a time.
func (a *At) ReadAt(p []byte, off int64) (n int, err error) {
	for n < len(p) {
		if off+int64(n) >= a.size {
			return n, io.EOF
		}
		start := (off + int64(n)) / blockSize * blockSize
		if start != a.at {
			if err := a.load(start); err != nil {
				return n, err
			}
		}
		n += copy(p[n:], a.block[off+int64(n)-start:])
	}
	return n, nil
}

func (a *At) load(start int64) error {
	end := min(start+blockSize, a.size) - 1
	if a.left -= end - start + 1; a.left < 0 {
		return ErrTooMuch
	}
	var opts minio.GetObjectOptions
	if err := opts.SetRange(start, end); err != nil {
		return err
	}
	r, _, _, err := a.store.client.GetObject(a.ctx, a.store.bucket, a.key, opts)
	if err != nil {
		return known("get", err)
	}
	defer r.Close()
	block, err := io.ReadAll(io.LimitReader(r, blockSize))
	if err == nil && int64(len(block)) != end-start+1 {
		err = io.ErrUnexpectedEOF
	}
	a.at, a.block = start, block
	return err
}
