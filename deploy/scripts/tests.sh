#!/usr/bin/env bash
# Every test, inside `portal dev --test`, which sets TEST_DATABASE_URL and TEST_S3_*. All suites run even
# when one fails; the last line sums them up.
set -uo pipefail
cd "$(dirname "$0")/../.."
# Told to stop, or portal dev died: nothing we started goes on. Bash hears a signal only while it waits,
# so every suite runs in the background.
trap 'trap - INT TERM; kill 0' INT TERM
suite() { "$@" </dev/null & wait $!; }
: "${TEST_DATABASE_URL:?run make test, which starts a database and a store for the tests}"
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
passed=0 failed=0 skipped=0

heading() { printf '\n==> %s\n' "$*"; }
# tally SUITE STATUS PASSED FAILED SKIPPED: a suite that broke before it could count is one failure
tally() {
	local p=${3:-0} f=${4:-0} s=${5:-0}
	[ "$2" = 0 ] || [ "$f" != 0 ] || f=1
	[ "$2" != 0 ] || [ $((p + f)) != 0 ] || { echo "$1: no test ran" >&2; f=1; }
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
}

heading "Go tests"
suite go tool -modfile=deploy/tools/go.mod gotestsum --format pkgname-and-test-fails --hide-summary=skipped --jsonfile "$out/go.json" -- ./... ; status=$?
count_go() { grep -c "^{.*\"Action\":\"$1\".*\"Test\":" "$out/go.json"; }
tally Go $status "$(count_go pass)" "$(count_go fail)" "$(count_go skip)"

# Each wall alone: the same tests pass with the application's filters off, and with row security off.
heading "walls: row security alone"
suite go tool -modfile=deploy/tools/go.mod gotestsum --format pkgname-and-test-fails --hide-summary=skipped --jsonfile "$out/go.json" -- -tags rowsecurityalone ./app/platform/pg ./tenants/... ./app/e2e ; status=$?
tally "row security alone" $status "$(count_go pass)" "$(count_go fail)" "$(count_go skip)"
heading "walls: application filters alone"
TEST_ROW_SECURITY=off suite go tool -modfile=deploy/tools/go.mod gotestsum --format pkgname-and-test-fails --hide-summary=skipped --jsonfile "$out/go.json" -- ./tenants/... ./app/e2e ; status=$?
tally "application filters alone" $status "$(count_go pass)" "$(count_go fail)" "$(count_go skip)"

heading "front end unit tests"
suite npm --prefix frontend test -- --reporter=default --reporter=json --outputFile.json="$out/vitest.json"; status=$?
read -r p f s < <(node -p 'const r=JSON.parse(require("node:fs").readFileSync(process.argv[1])); [r.numPassedTests,r.numFailedTests,r.numPendingTests].join(" ")' "$out/vitest.json" 2>/dev/null)
tally "front end" $status "${p:-0}" "${f:-0}" "${s:-0}"

heading "browser journeys"
if [ -z "${CHROMIUM:-}" ]; then
	CHROMIUM=$(command -v chromium)
	[ -x "$CHROMIUM" ] || CHROMIUM=$(readlink -f "${PORTAL_DIR:-.portal}/chromium/chromium")
	export CHROMIUM
fi
# The journeys drive a portal of their own with a small demo province.
free() { node -p 'const s=require("node:net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()});""' | grep -E '^[0-9]+$'; }
port=$(free)
export ECOPORT_URL="http://127.0.0.1:$port"
# It may call the sign-in provider that a journey starts, and asks the name server of that journey.
ECOPORT_DNS="127.0.0.1:$(free)"
export ECOPORT_DNS
portal() {
	DATABASE_URL=$TEST_DATABASE_URL S3_ENDPOINT=$TEST_S3_ENDPOINT S3_ACCESS_KEY=$TEST_S3_ACCESS_KEY S3_SECRET_KEY=$TEST_S3_SECRET_KEY S3_REGION=$TEST_S3_REGION S3_BUCKET=journeys \
		OUTBOUND_ALLOW=127.0.0.0/8 OUTBOUND_HTTP=true DNS_SERVER=$ECOPORT_DNS PORT=$port BASE_URL=$ECOPORT_URL exec "${PORTAL_BIN:-bin/portal}" serve --demo=small
}
portal </dev/null >"$out/portal.log" 2>&1 &
portal_pid=$!
for _ in $(seq 300); do
	if ! kill -0 $portal_pid 2>/dev/null; then break; fi
	if node -e 'fetch(process.env.ECOPORT_URL+"/readyz").then(r=>process.exit(r.ok?0:1),()=>process.exit(1))'; then break; fi
	sleep 0.5
done
# Two lanes at once: walking every page of every role changes nothing, so it goes beside what does.
walks=e2e/journey.test.mjs
journeys() {
	local lane status=0
	(cd frontend && exec node --test --test-reporter=spec "$walks") >"$out/walks.log" 2>&1 &
	lane=$!
	(cd frontend && ls e2e/*.test.mjs | grep -vxF "$walks" | xargs node --test --test-reporter=spec --test-concurrency=1) 2>&1 | tee "$out/e2e.log"
	status=${PIPESTATUS[0]}
	wait $lane || status=1
	tee -a "$out/e2e.log" <"$out/walks.log"
	return $status
}
suite journeys; status=$?
[ $status = 0 ] || { echo "the portal's own words:"; tail -n 40 "$out/portal.log"; }
kill $portal_pid 2>/dev/null; wait $portal_pid 2>/dev/null
# node's runner closes with "# pass 3" (plain) or "ℹ pass 3"
count_node() { sed -nE "s/\x1b\[[0-9;]*m//g; s/^(#|ℹ) $1 ([0-9]+)\$/\\2/p" "$out/e2e.log" | awk '{n += $1} END {print n + 0}'; }
tally journeys $status "$(count_node pass)" "$(count_node fail)" "$(count_node skipped)"

if [ $skipped != 0 ]; then printf '\n%d passed, %d failed, %d skipped\n' $passed $failed $skipped
else printf '\n%d passed, %d failed\n' $passed $failed; fi
[ $failed = 0 ]
