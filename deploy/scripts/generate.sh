#!/usr/bin/env bash
# Everything in the tree that is made from something else in the tree.
set -euo pipefail
cd "$(dirname "$0")/../.."
go generate ./...
bin/portal openapi >frontend/openapi.json
npm --prefix frontend run gen:api
