# Everything a person or a machine runs here. `make test` and `make demo` need Python 3.11 and
# nothing else that is not fetched by them.

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
# The version decides what is an error, so it moves only here.
REDOCLY := @redocly/cli@2.77.0

# What of the branches tests must reach; the rules are the product.
COVER ?= 95
COVER_RULES ?= 100
PYTEST := $(BIN)/python -m pytest
# A file stays on one worker, so that its server and its database are made once.
WIDE := --numprocesses=auto --maxprocesses=4 --dist=loadfile
MEASURED := --cov=app --cov-branch --cov-append --cov-report=
# What takes a minute or more, longest first so that no worker ends alone. Not measured: these start
# servers or ask the same lines thousands of times, which tracing would only make slower.
LONG := tests/access/test_matrix.py tests/race tests/crash tests/api/test_vectors_http.py \
	tests/model tests/contract tests/access/test_hostile.py tests/journeys
REST := --ignore=tests/rules --ignore=tests/store $(LONG:%=--ignore=%)

.DEFAULT_GOAL := help
.PHONY: help demo test test-quick bench lint fmt soak contract lock \
	check-lint check-rules check-store check-rest check-postgresql check-long check-coverage

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

# Redone when the lock or the list of dependencies changes, and only then.
$(INSTALLED): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed: apt-get install python3 python3-venv"; exit 1; }
	@test -x $(BIN)/pip || "$(PYTHON)" -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "no venv could be made: apt-get install python3-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(INSTALLED) ## migrate, seed and serve a fictional franchise on http://localhost:8000
	$(BIN)/consent-registry demo

test: ## everything, on SQLite and PostgreSQL
	@$(MAKE) --no-print-directory check-lint check-rules check-store check-rest check-postgresql \
		check-long check-coverage && echo "make test: everything passed, on SQLite and on PostgreSQL" \
		|| { echo "make test: FAILED, see above"; exit 1; }

test-quick: export TEST_ENGINES = sqlite
test-quick: ## the same without PostgreSQL and without measuring coverage
	@$(MAKE) --no-print-directory check-lint check-rules check-store check-rest check-long MEASURED= \
		&& echo "make test-quick: passed on SQLite alone; PostgreSQL was NOT tested, make test does" \
		|| { echo "make test-quick: FAILED, see above"; exit 1; }

lint: check-lint ## format, lint, direction of imports, types

fmt: $(INSTALLED) ## format, and fix what has one fix
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

bench: $(INSTALLED) ## figures as ratios within one run
	$(BIN)/python -m bench

soak: $(INSTALLED) ## what takes minutes: long races, kills, fuzzing
	$(PYTEST) -m soak

contract: ## lint openapi/registry.json (needs npm)
	npx --yes $(REDOCLY) lint registry

# Newest versions that pyproject.toml admits, for every platform, with hashes and no host names.
LOCK := pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate pyproject.toml
lock: ## refresh the two locks from pyproject.toml
	@rm -rf .lock-venv && "$(PYTHON)" -m venv .lock-venv
	.lock-venv/bin/pip install --quiet uv
	.lock-venv/bin/uv $(LOCK) --extra server --extra pdf --extra test --output-file requirements.lock
	.lock-venv/bin/uv $(LOCK) --extra server --extra pdf --extra build --constraints requirements.lock \
		--output-file requirements-server.lock
	@rm -rf .lock-venv
	@! grep -nE '://|^--' requirements.lock requirements-server.lock

# The order is by speed: what fails, fails early.
check-lint: $(INSTALLED)
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/lint-imports
	$(BIN)/mypy

check-rules: $(INSTALLED)
	@rm -f .coverage
	$(PYTEST) $(WIDE) $(MEASURED) tests/rules

check-store: $(INSTALLED)
	$(PYTEST) $(WIDE) $(MEASURED) tests/store

# Measured on one engine: above the store the lines are the same, and tracing nearly doubles a run.
check-rest: export TEST_ENGINES = sqlite
check-rest: $(INSTALLED)
	$(PYTEST) $(WIDE) $(MEASURED) $(REST)

check-postgresql: $(INSTALLED)
	$(PYTEST) $(WIDE) -m "pg and not soak" $(REST)

check-long: $(INSTALLED)
	$(PYTEST) $(WIDE) --no-loadscope-reorder --randomly-dont-reorganize $(LONG)

check-coverage: $(INSTALLED)
	$(BIN)/coverage report --fail-under=$(COVER)
	$(BIN)/coverage report --include='app/rules/*' --fail-under=$(COVER_RULES)
