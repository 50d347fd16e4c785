#!/usr/bin/env bash
# Removes the demo's data and the record of what was built; what npm and Go installed stays.
set -euo pipefail
cd "$(dirname "$0")/../.."
state=${PORTAL_DIR:-.portal}
[ -d "$state" ] || { echo "nothing to reset: $state is not there"; exit 0; }
if [ -e "$state/lock" ] && ! flock -n "$state/lock" true; then
	echo "reset: process $(cat "$state/lock") is running on $state: stop it first (Ctrl-C there, or kill it)" >&2
	exit 1
fi
# A database that outlived its run would write into the directory while it is removed.
pid=$(head -n 1 "$state/postgres/postmaster.pid" 2>/dev/null || true)
if [ -n "$pid" ] && [ "$(readlink "/proc/$pid/cwd")" = "$(readlink -f "$state/postgres")" ]; then
	kill -INT "$pid"
	for _ in $(seq 100); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
fi
for part in postgres postgres.new store stack.json lock stamps; do rm -rf "${state:?}/$part"; done
rm -rf "${state:?}"/test-* "$state"/*.log
echo "clean: the next \`make run\` starts with an empty database and a new demo province"
