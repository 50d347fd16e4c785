#!/usr/bin/env bash
# Everything in the tree that is made from something else in the tree.
set -euo pipefail
cd "$(dirname "$0")/../.."
go generate ./...
npm --prefix frontend run gen:api
