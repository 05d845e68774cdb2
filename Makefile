# make help lists what can be asked for. PYTHON=python3.13 chooses another interpreter (3.11 to 3.13).
PYTHON ?= python3
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

# What `make check` pretends to be: a production server, of which nothing is contacted.
PRODUCTION := ENV_FILE= DATABASE_URL=postgres://backoffice@localhost/backoffice \
	SECRET_KEY=checked-in-the-manner-of-production-0123456789-abcdefghijk \
	SEALING_KEY=checked-in-the-manner-of-production-abcdefghijk-0123456789 ALLOWED_HOSTS=backoffice.example
# Bracketed so that the pattern does not find itself.
REGISTRIES := py[p]i\.org|pythonhoste[d]\.org|npmj[s]\.(org|com)|--(extra-)?index-ur[l]|--find-link[s]

.PHONY: help
help:  ## list the targets
	@grep -E '^[a-z.-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z.-]+):.*## /\1\t/' | expand -t 14

.PHONY: demo
demo: .venv/runtime.stamp  ## serve the site with a small reseller's books; Ctrl-C stops it (ARGS="--port 8080")
	$(BIN)/python manage.py demo $(ARGS)

.PHONY: demo-reset
demo-reset: .venv/runtime.stamp  ## the same, with its books begun afresh
	$(BIN)/python manage.py demo --reset $(ARGS)

.PHONY: test
test: .venv/tools.stamp  ## run the tests on SQLite, then on PostgreSQL with Redis (ARGS="-k refund" for some)
	$(BIN)/python -m tests.run $(ARGS)

.PHONY: test-long
test-long: .venv/tools.stamp  ## run also the long ones, with far more examples and a fresh seed, which is printed
	$(BIN)/python -m tests.run --long $(ARGS)

.PHONY: bench
bench: .venv/tools.stamp  ## measure how fast the rules and the day run
	$(BIN)/python -m tests.bench $(ARGS)

.PHONY: check
check: .venv/tools.stamp  ## lint, types, layers, migrations in step, deployment settings, no registry address
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	git ls-files -z '*.html' | xargs -0 --no-run-if-empty $(BIN)/djangofmt --check
	DATABASE_URL=sqlite://:memory: ENV_FILE= $(BIN)/python manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING
	! git grep -nIE -e '$(REGISTRIES)'

.PHONY: lock
lock:  ## renew requirements.txt and requirements-dev.txt from pyproject.toml
	tools=$$(mktemp -d); trap 'rm -rf "$$tools"' EXIT; \
	$(PYTHON) -m venv "$$tools"; \
	"$$tools/bin/pip" install --quiet --disable-pip-version-check uv; \
	compile="$$tools/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --upgrade"; \
	$$compile pyproject.toml --output-file requirements.txt; \
	$$compile --group dev --constraint requirements.txt --output-file requirements-dev.txt

.PHONY: .venv
.venv: .venv/tools.stamp  ## the virtual environment, with what tests and checks need

# A stamp is newer than the requirements it was made from; so a second start installs nothing.
.venv/runtime.stamp: requirements.txt
	$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13) and "Python 3.11, 3.12 or 3.13 is needed; name one by make PYTHON=python3.13")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(INSTALL) -r requirements.txt
	touch $@

.venv/tools.stamp: .venv/runtime.stamp requirements-dev.txt
	$(INSTALL) -r requirements.txt -r requirements-dev.txt
	touch $@
