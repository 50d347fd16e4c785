# The commands of a working day. Everything they make lives in .portal/, bin/, frontend/dist and node_modules.
.DEFAULT_GOAL := run
.PHONY: run reset test lint bench generate build
MAKEFLAGS += --no-print-directory

TOOL := go tool -modfile=deploy/tools/go.mod

run: ## build what changed, start everything, print the address and the demo logins
	@deploy/scripts/setup.sh run
	@exec bin/portal dev

reset: ## forget the demo data; the next run starts clean
	@deploy/scripts/reset.sh

test: ## every test: Go, front end, browser journeys
	@deploy/scripts/setup.sh test
	@exec bin/portal dev --test -- deploy/scripts/tests.sh

build: ## bin/portal, with the front end inside, and bin/store
	@deploy/scripts/setup.sh build

lint: ## formatting, static checks, types
	@deploy/scripts/setup.sh build
	$(TOOL) golangci-lint run ./...
	@echo "dead code:"; ! $(TOOL) deadcode -test ./... | grep .
	go -C deploy/store vet ./...
	npm --prefix frontend run check

generate: ## files made from other files; CI checks that they are current
	@deploy/scripts/setup.sh generate
	@deploy/scripts/generate.sh

bench: ## one line a figure: ours, reference, ratio, budget
	@deploy/scripts/setup.sh bench
	@exec bin/portal dev --test -- bin/portal bench
