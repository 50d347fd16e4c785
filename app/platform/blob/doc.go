// Package blob keeps files in an S3 store: the only door for the S3 client.
//
// Owns: the bucket, short-lived links with which a browser sends and fetches files directly, plain reads
// and writes by the server.
// Does not own: file names (kept in the database; keys here are opaque, "tenant/uuid"), who may see a file,
// scanning.
package blob
