package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/cors"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// MaxTTL is the longest a link may live; longer wishes are cut to it.
const MaxTTL = 5 * time.Minute

// ErrNotFound says that no object has that key.
var ErrNotFound = errors.New("blob: no such object")

// Config names the store. Endpoint is a host and port or a URL; a URL's scheme decides over TLS.
type Config struct {
	Endpoint       string
	PublicEndpoint string // what browsers reach; empty is Endpoint
	AccessKey      string
	SecretKey      string
	Region         string
	Bucket         string
	TLS            bool
}

// Store is one bucket.
type Store struct {
	client *minio.Core
	public *minio.Client // only signs, never connects
	bucket string
	region string
}

// Object is what the store knows of a file.
type Object struct {
	Key       string
	Size      int64
	MediaType string
	Modified  time.Time
}

// New checks the settings; it does not connect.
func New(c Config) (*Store, error) {
	if c.Bucket == "" || c.AccessKey == "" || c.SecretKey == "" {
		return nil, errors.New("blob: bucket, access key and secret key must be set")
	}
	if c.Region == "" {
		c.Region = "us-east-1" // without one every signature would first ask the store
	}
	if c.PublicEndpoint == "" {
		c.PublicEndpoint = c.Endpoint
	}
	inner, err := dial(c.Endpoint, c)
	if err != nil {
		return nil, err
	}
	public, err := dial(c.PublicEndpoint, c)
	if err != nil {
		return nil, err
	}
	return &Store{client: &minio.Core{Client: inner}, public: public, bucket: c.Bucket, region: c.Region}, nil
}

func dial(endpoint string, c Config) (*minio.Client, error) {
	host, secure := strings.TrimSuffix(endpoint, "/"), c.TLS
	if scheme, rest, ok := strings.Cut(host, "://"); ok {
		if scheme != "http" && scheme != "https" {
			return nil, fmt.Errorf("blob: endpoint %q must be http or https", endpoint)
		}
		host, secure = rest, scheme == "https"
	}
	client, err := minio.New(host, &minio.Options{
		Creds:        credentials.NewStaticV4(c.AccessKey, c.SecretKey, ""),
		Region:       c.Region,
		Secure:       secure,
		BucketLookup: minio.BucketLookupPath, // works with every store and needs no DNS
	})
	if err != nil {
		return nil, fmt.Errorf("blob: endpoint %q: %w", endpoint, err)
	}
	return client, nil
}

// EnsureBucket makes the bucket when it is missing and lets pages of these origins use its links.
func (s *Store) EnsureBucket(ctx context.Context, allowedOrigins []string) error {
	err := s.client.MakeBucket(ctx, s.bucket, minio.MakeBucketOptions{Region: s.region})
	switch code := minio.ToErrorResponse(err).Code; {
	case err == nil, code == "BucketAlreadyOwnedByYou", code == "BucketAlreadyExists":
	default:
		// A key that may not create buckets is fine where the bucket is there.
		if ok, existsErr := s.client.BucketExists(ctx, s.bucket); existsErr != nil || !ok {
			return fmt.Errorf("blob: bucket %q cannot be made: %w", s.bucket, err)
		}
	}
	if len(allowedOrigins) == 0 {
		return nil
	}
	err = s.client.SetBucketCors(ctx, s.bucket, cors.NewConfig([]cors.Rule{{
		AllowedOrigin: slices.Clone(allowedOrigins),
		AllowedMethod: []string{http.MethodGet, http.MethodHead, http.MethodPut},
		AllowedHeader: []string{"*"},
		ExposeHeader:  []string{"ETag"},
		MaxAgeSeconds: 3600,
	}}))
	if err != nil && minio.ToErrorResponse(err).Code != "NotImplemented" { // some stores allow every origin instead
		return fmt.Errorf("blob: the bucket's allowed origins cannot be set: %w", err)
	}
	return nil
}

// PresignPut returns a link that stores exactly one content: the size, the SHA-256 (base64) and the media
// type are signed, so the store refuses any other. The sender must send the returned headers; a browser
// sets Content-Length by itself and forbids setting it.
func (s *Store) PresignPut(ctx context.Context, key string, size int64, sha256, mediaType string, ttl time.Duration) (string, map[string]string, error) {
	if err := checkKey(key); err != nil {
		return "", nil, err
	}
	if err := checkContent(size, sha256, mediaType); err != nil {
		return "", nil, err
	}
	headers := map[string]string{"Content-Type": mediaType, "X-Amz-Checksum-Sha256": sha256}
	signed := http.Header{"Content-Length": {fmt.Sprint(size)}}
	for name, value := range headers {
		signed.Set(name, value)
	}
	u, err := s.public.PresignHeader(ctx, http.MethodPut, s.bucket, key, capTTL(ttl), nil, signed)
	if err != nil {
		return "", nil, fmt.Errorf("blob: sign upload: %w", err)
	}
	return u.String(), headers, nil
}

// PresignGet returns a link that delivers the file under a name. Inline is granted only to types that
// cannot carry active content; anything else is a download of bytes.
func (s *Store) PresignGet(ctx context.Context, key, filename string, inline bool, ttl time.Duration) (string, error) {
	if err := checkKey(key); err != nil {
		return "", err
	}
	disposition, mediaType := delivery(filename, inline)
	u, err := s.public.PresignedGetObject(ctx, s.bucket, key, capTTL(ttl), url.Values{
		"response-content-disposition": {disposition},
		"response-content-type":        {mediaType},
		"response-cache-control":       {"private, no-store"},
	})
	if err != nil {
		return "", fmt.Errorf("blob: sign download: %w", err)
	}
	return u.String(), nil
}

// Put stores what r yields. A size of -1 reads to the end, in parts.
func (s *Store) Put(ctx context.Context, key string, r io.Reader, size int64, mediaType string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	opts := minio.PutObjectOptions{ContentType: mediaType}
	if size < 0 {
		opts.PartSize = 16 << 20 // the default would buffer half a gigabyte
	}
	if _, err := s.client.Client.PutObject(ctx, s.bucket, key, r, size, opts); err != nil {
		return fmt.Errorf("blob: put: %w", err)
	}
	return nil
}

// Get opens a file; the caller closes it.
func (s *Store) Get(ctx context.Context, key string) (io.ReadCloser, Object, error) {
	if err := checkKey(key); err != nil {
		return nil, Object{}, err
	}
	body, info, _, err := s.client.GetObject(ctx, s.bucket, key, minio.GetObjectOptions{})
	if err != nil {
		return nil, Object{}, known("get", err)
	}
	return body, object(key, info), nil
}

// Stat tells size, type and time of a file.
func (s *Store) Stat(ctx context.Context, key string) (Object, error) {
	if err := checkKey(key); err != nil {
		return Object{}, err
	}
	info, err := s.client.StatObject(ctx, s.bucket, key, minio.StatObjectOptions{})
	if err != nil {
		return Object{}, known("stat", err)
	}
	return object(key, info), nil
}

// Delete removes a file; one that is not there is no error.
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	err := s.client.RemoveObject(ctx, s.bucket, key, minio.RemoveObjectOptions{})
	if err = known("delete", err); errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

func object(key string, info minio.ObjectInfo) Object {
	return Object{Key: key, Size: info.Size, MediaType: info.ContentType, Modified: info.LastModified}
}

func known(what string, err error) error {
	if err == nil {
		return nil
	}
	if minio.ToErrorResponse(err).Code == "NoSuchKey" {
		return ErrNotFound
	}
	return fmt.Errorf("blob: %s: %w", what, err)
}

func capTTL(ttl time.Duration) time.Duration {
	return max(time.Second, min(ttl, MaxTTL))
}
