// Package devstack starts the two servers the portal needs, a PostgreSQL cluster and an S3 store, for
// development and for tests.
//
// Owns: finding the binaries, the cluster's directory, ports and passwords, starting, waiting, stopping.
// Does not own: databases, roles and buckets inside the servers; production.
//
// One directory belongs to one running stack: a file lock says so. Whatever still runs in a directory
// whose lock is free was left by a killed run, and is taken over.
package devstack
