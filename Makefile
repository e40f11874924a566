# The words a person types. Each does its own set-up first, which costs nothing once done.
SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help run test dev build lint bench faults pictures screens setup

help: ## lists these words
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

run: ## builds everything and serves http://127.0.0.1:3000, data in ./data
	@scripts/setup.sh build
	@scripts/build.sh quick
	@build/parallax serve

test: ## runs every test: Rust, both databases, browser
	@scripts/setup.sh build test
	@scripts/test.sh

dev: ## serves http://127.0.0.1:8080, client and host rebuilt on change
	@scripts/setup.sh dev
	@scripts/dev.sh

build: ## leaves the finished binary, client inside, at build/parallax
	@scripts/setup.sh build
	@scripts/build.sh

lint: ## format, clippy for host and client, licences, advisories, lock files
	@scripts/setup.sh lint
	@scripts/lint.sh

bench: ## measures against the budgets, fails where one is missed
	@scripts/setup.sh build test
	@scripts/bench.sh

faults: build ## attacks the finished binary on loopback, fails where a bound is missed
	@scripts/setup.sh build test
	@scripts/faults.sh

pictures: ## takes pictures of pages in many states (others: scripts/pictures.sh docs, kept)
	@scripts/setup.sh build test
	@scripts/pictures.sh

screens: ## measures sizes, speed, layout and access of the screens, fails where a bound is missed
	@scripts/setup.sh build test
	@scripts/screens.sh

setup: ## installs what all of the above need
	@scripts/setup.sh build test lint dev
