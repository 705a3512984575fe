# Two commands do all the set-up: `make run` and `make test`.

.DEFAULT_GOAL := help
SHELL := /bin/bash

PYTHON ?= python3
BIN := .venv/bin
LOCKS := scripts/locks

# An environment each: .venv-run for the server, .venv for tests and style.
RUNS := .venv-run/.installed
TESTS := .venv/.installed

# The tests start some hundred processes, each of which would compile the program anew.
unexport PYTHONDONTWRITEBYTECODE

# Commands (or files) that the tests use and pip cannot install, with their Debian packages where those have other names.
SYSTEM_PACKAGES := chromium-headless-shell curl jq npm redis-server php:php-cli,php-curl phpunit \
	/usr/share/php/GuzzleHttp/autoload.php:php-guzzlehttp-guzzle

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(RUNS): pyproject.toml $(LOCKS)/run.txt $(LOCKS)/build.txt
	@PYTHON="$(PYTHON)" scripts/make-environment run .venv-run
	@touch $@

$(TESTS): pyproject.toml $(LOCKS)/test.txt
	@PYTHON="$(PYTHON)" scripts/make-environment test .venv
	@touch $@

.PHONY: run
run: $(RUNS) ## Start the server on 127.0.0.1:8329
	@exec .venv-run/bin/localfax serve

.PHONY: test
test: $(TESTS) style system-packages ## Check style and types, and run every test
	@$(MAKE) --no-print-directory --jobs=2 types all-tests

# Beside the types, which take a processor half a minute.
.PHONY: all-tests
all-tests:
	$(BIN)/pytest -q -n 2

# The style is that of the locked tools, so only the tests run here.
.PHONY: test-oldest test-newest
test-oldest: system-packages ## Run every test with the lowest versions that pyproject.toml allows
test-newest: system-packages ## Run every test with the newest versions that there are today
test-oldest test-newest: test-%:
	@PYTHON="$(PYTHON)" scripts/make-environment $* .venv-$*
	.venv-$*/bin/pytest -q -n 2

.PHONY: lock
lock: ## Pin the newest version of every package, with hashes, in scripts/locks
	@PYTHON="$(PYTHON)" scripts/make-locks

.PHONY: system-packages
system-packages: ## Install the Debian packages that the tests call
	@scripts/install-system-packages $(SYSTEM_PACKAGES)

.PHONY: lint style types
lint: style types ## Check style and types

style: $(TESTS)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(TESTS)
	$(BIN)/mypy

.PHONY: format
format: $(TESTS) ## Rewrite the code in the project's style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: readme
readme: $(TESTS) ## Write the tables of the README and the vendors' pages, and the scenarios' schema, from the code
	@$(BIN)/python scripts/readme_tables.py
	@$(BIN)/localfax scenarios schema --output scenarios/scenario.schema.json

.PHONY: docs
docs: $(TESTS) ## Write the documents as a site, which needs nothing from elsewhere, into build/site
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet --strict --config-file scripts/mkdocs.yml

.PHONY: pictures
pictures: $(TESTS) system-packages ## Make the README's pictures of the page anew
	@$(BIN)/python scripts/make_pictures.py

.PHONY: node-types
node-types: $(TESTS) system-packages ## Write the types of the client for Node from the server's OpenAPI document
	@scripts/make-node-types

.PHONY: walk
walk: $(TESTS) ## Print the way of one send through the program, as VENDOR=ifax
	@$(BIN)/python scripts/walk.py $(or $(VENDOR),ifax)

.PHONY: bench
bench: $(TESTS) ## Print the measures, as ratios to a bare route
	@$(BIN)/python -m tests.bench

# LibreOffice, which converts Office files, and the languages of which only the long tests run programs.
soak: SYSTEM_PACKAGES += soffice:libreoffice-writer-nogui go:golang-go javac:default-jdk-headless ruby mono:mono-runtime \
	mcs:mono-mcs,libmono-system-net-http4.0-cil cert-sync:ca-certificates-mono \
	/usr/share/perl5/LWP/Protocol/https.pm:libwww-perl,liblwp-protocol-https-perl
.PHONY: soak
soak: $(TESTS) system-packages ## Run for five hours or so: long crash tests, hours of mixed load, growth, and the built wheel
	$(BIN)/pytest -q -m soak
	$(BIN)/python -m tests.bench growth crowd
	$(MAKE) dist

.PHONY: dist
dist: $(TESTS) ## Build the wheel and the source archive into dist/, and test the wheel where nothing else is
	rm -rf dist
	$(BIN)/python -m build --no-isolation
	scripts/test-wheel dist/*.whl

.PHONY: clean
clean: ## Remove everything that make has made
	rm -rf .venv .venv-* build clients/node/node_modules dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
