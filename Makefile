# Two commands do all the set-up: `make run` and `make test`.

.DEFAULT_GOAL := help
SHELL := /bin/bash

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

# Commands that the tests call and pip cannot install, with their Debian packages where those have other names.
SYSTEM_PACKAGES := chromium curl npm redis-server php:php-cli,php-curl

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(INSTALLED): pyproject.toml
	@PYTHON="$(PYTHON)" scripts/make-environment $(VENV)
	@touch $@

.PHONY: run
run: $(INSTALLED) ## Start the server on 127.0.0.1:8329
	@exec $(BIN)/localfax serve

.PHONY: test
test: $(INSTALLED) lint ## Check style and types, then run every test
	@scripts/install-system-packages $(SYSTEM_PACKAGES)
	$(BIN)/pytest -q -n 2

.PHONY: lint
lint: $(INSTALLED) ## Check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

.PHONY: format
format: $(INSTALLED) ## Rewrite the code in the project's style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: bench
bench: $(INSTALLED) ## Print the measures, as ratios to a bare route
	@$(BIN)/python -m tests.bench

.PHONY: soak
soak: $(INSTALLED) ## Run for an hour or so: long crash tests, growth, and the tests against the built wheel
	@scripts/install-system-packages $(SYSTEM_PACKAGES)
	$(BIN)/pytest -q -m soak
	$(BIN)/python -m tests.bench growth
	$(MAKE) dist

.PHONY: dist
dist: $(INSTALLED) ## Build the wheel and the source archive into dist/, and test the wheel where nothing else is
	rm -rf dist
	$(BIN)/python -m build
	scripts/test-wheel dist/*.whl

.PHONY: clean
clean: ## Remove everything that make has made
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
