# The commands of the project; `make help` lists them. Python 3.11 or newer is all that must be there before.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TORCH := torch==2.13.0
INSTALLED := $(VENV)/.installed
TRAINING := $(VENV)/.training

.PHONY: help install demo test test-service test-slow test-training lint format types check bench screenshots clean

help: ## list the targets, one line each
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-15s %s\n", $$1, $$2}'

install: $(INSTALLED) ## create .venv and install Remix with its test tools, at the pinned versions

$(INSTALLED): pyproject.toml requirements/constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements/constraints.txt -e '.[test,postgres]'
	@touch $@

$(TRAINING): $(INSTALLED)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(TORCH)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements/constraints.txt -e '.[training,test]'
	@touch $@

demo: $(INSTALLED) ## recommend calls for a need, a project and a public asset of three communes
	$(BIN)/remix demo

test: $(INSTALLED) ## lint, types and the default test suite
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n 2 -q

test-service: $(INSTALLED) ## the whole service: accounts, access, every route, every page, on SQLite and PostgreSQL
	$(BIN)/pytest -m 'service and not slow' -n 2 -q

test-slow: $(INSTALLED) ## the suites over whole official files and the bars of quality and speed
	$(BIN)/pytest -m slow -n 2 -q

test-training: $(TRAINING) ## the suites that need torch and sentence-transformers
	$(BIN)/pytest -m training -q

lint: $(INSTALLED) ## ruff's rules, each with its reason in pyproject.toml
	$(BIN)/ruff check .

format: $(INSTALLED) ## write every file in the one format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(INSTALLED) ## mypy, strict on matcher and service
	$(BIN)/mypy

check: test test-service test-slow test-training ## everything that CI runs

bench: $(INSTALLED) ## print the figures of speed that the README quotes
	$(BIN)/python tests/bench_encoder.py
	$(BIN)/python tests/bench_main_job.py

screenshots: $(INSTALLED) ## make the pictures of docs/portal.md again, in Debian's chromium
	$(BIN)/python -m tests.service.pages.pictures

clean: ## remove what can be built again (.venv, .remix, caches)
	rm -rf $(VENV) .remix .pytest_cache .mypy_cache .ruff_cache .hypothesis
