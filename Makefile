# Ieum. `make run` starts the product, `make test` tests it, `make help` lists the rest. Needs Python >= 3.11.
SHELL       := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.NOTPARALLEL:

PY          ?= python3
UV          ?= uv
V           := .venv/bin
WORKERS     ?= 2
DOMAIN      := $(wildcard catalog matching billing)
PYTEST      := $(V)/python -m pytest -q

.PHONY: help
help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

# --- Python environment -------------------------------------------------------------------------------------------
# kiwipiepy-model is data without code and comes as a source archive only.
PIP_FLAGS := --require-hashes --only-binary :all: --no-binary kiwipiepy-model
define install
	@$(PY) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed, e.g. make PY=python3.12")'
	test -x $(V)/python || $(PY) -m venv .venv
	if command -v $(UV) >/dev/null; then $(UV) pip install -q --python $(V)/python $(PIP_FLAGS) -r $<; \
	else $(V)/python -m pip install -q --disable-pip-version-check $(PIP_FLAGS) -r $<; fi
endef

.venv/.ok: requirements.lock
	$(install)
	touch $@

.venv/.ok-dev: requirements-dev.lock
	$(install)
	touch .venv/.ok $@

.venv/.ok-bench: requirements-bench.lock
	$(install)
	touch .venv/.ok .venv/.ok-dev $@

.PHONY: lock
LOCK_FLAGS := --universal --python-version 3.11 --generate-hashes --no-annotate --no-header -q
lock: ## renew the lock files from pyproject.toml (needs uv; add UPGRADE=1 for the newest versions)
	@command -v $(UV) >/dev/null || { echo "uv is not installed: python3 -m pip install uv" >&2; exit 1; }
	$(UV) pip compile pyproject.toml $(LOCK_FLAGS) $(if $(UPGRADE),--upgrade) -o requirements.lock
	$(UV) pip compile pyproject.toml --group dev -c requirements.lock $(LOCK_FLAGS) $(if $(UPGRADE),--upgrade) -o requirements-dev.lock
	$(UV) pip compile pyproject.toml --group dev --group bench -c requirements-dev.lock $(LOCK_FLAGS) $(if $(UPGRADE),--upgrade) -o requirements-bench.lock

# --- The product --------------------------------------------------------------------------------------------------
instance/secret-key:
	@mkdir -p instance
	@umask 077; $(PY) -c 'import secrets; print(secrets.token_urlsafe(48))' > $@

.PHONY: run
run: .venv/.ok translations instance/secret-key ## start the product with demo data (IEUM_DEMO=0: empty)
	@export IEUM_DEMO="$${IEUM_DEMO:-1}" SECRET_KEY="$${SECRET_KEY:-$$(cat instance/secret-key)}"; exec $(V)/flask serve

# --- Texts --------------------------------------------------------------------------------------------------------
MO := $(patsubst %.po,%.mo,$(wildcard marketplace/translations/*/LC_MESSAGES/messages.po))
.PHONY: translations messages
translations: $(MO) ## compile the message catalogues that changed

marketplace/translations/%/LC_MESSAGES/messages.mo: marketplace/translations/%/LC_MESSAGES/messages.po | .venv/.ok
	$(V)/pybabel -q compile -f -i $< -o $@ -l $*

messages: .venv/.ok ## collect new texts from code and templates into messages.po
	$(V)/pybabel -q extract -F pyproject.toml --no-location --sort-output -k lazy_gettext -k _l --project=Ieum -o marketplace/translations/messages.pot .
	$(V)/pybabel -q update -i marketplace/translations/messages.pot -d marketplace/translations --no-fuzzy-matching --ignore-obsolete

# --- Database -----------------------------------------------------------------------------------------------------
.PHONY: migration
migration: .venv/.ok ## draft a migration from the models: make migration M="add certificates"
	@test -n "$(M)" || { echo 'say what it does: make migration M="add certificates"' >&2; exit 1; }
	$(V)/python -m marketplace.migrations.draft "$(M)"

# --- Proof --------------------------------------------------------------------------------------------------------
.PHONY: check format test test-postgres test-elastic test-browser test-full
check: .venv/.ok-dev translations ## lint, types, import contracts, migrations, house rules
	$(V)/ruff check .
	$(V)/ruff format --check .
	$(V)/mypy $(DOMAIN) $(wildcard marketplace wsgi.py)
	$(V)/lint-imports
	$(V)/python -m marketplace.migrations.check
	$(PYTEST) tests/house

format: .venv/.ok-dev ## lay out the code and mend what ruff can mend by itself
	$(V)/ruff check --fix-only .
	$(V)/ruff format .

test: .venv/.ok-dev translations ## every test that needs only Python
	$(PYTEST) -n $(WORKERS) --dist worksteal

.PHONY: bench
N ?= 10000 100000
bench: .venv/.ok-bench translations ## search beside its peers at 10,000 and 100,000 listings (N=1000000: at so many), into docs/bench; the composer beside its peers; then what lists cost
	for n in $(N); do for wide in "" --wide; do $(V)/flask bench search --n $$n $$wide --out docs/bench; done; done
	$(V)/flask bench packages --out docs/bench
	$(V)/flask bench composer --out docs/bench
	PYTHONPATH=. $(V)/python tests/bench/match_cost.py
	PYTHONPATH=. $(V)/python tests/bench/engine_cost.py $(N)

# Pure functions and the rules of the house know no database, English words are the same on each: proved by `make test`.
# tests/conftest.py refuses a database to the first four folders.
ONCE := tests/matching/composer tests/matching/packages tests/matching/scoring tests/matching/search tests/house tests/marketplace/web/test_english.py
test-postgres: .venv/.ok-dev translations ## the same tests (less those that know no database) and the slow ones on PostgreSQL and an S3-compatible store, started for them on loopback
	@scripts/needs.sh postgresql s3 nginx
	scripts/s3_here.sh run scripts/pg_here.sh run $(PYTEST) -n $(WORKERS) --dist worksteal -m "not browser and not elastic and not elastic_cluster" $(ONCE:%=--ignore=%)

test-elastic: .venv/.ok-dev translations ## search on a real Elasticsearch: one node, then a cluster of three of which nodes are killed
	@scripts/needs.sh elasticsearch
	scripts/elastic_here.sh run $(PYTEST) -n $(WORKERS) --dist worksteal -m "elastic and not elastic_cluster"
	scripts/elastic_here.sh run 3 $(PYTEST) -m elastic_cluster

test-browser: .venv/.ok-dev translations ## the journeys in Chromium
	@scripts/needs.sh chromium
	$(PYTEST) -n $(WORKERS) --dist worksteal -m browser

test-full: .venv/.ok-dev ## test, test-postgres, test-elastic and test-browser in one go
	@scripts/needs.sh postgresql s3 nginx elasticsearch chromium
	$(MAKE) --no-print-directory test
	$(MAKE) --no-print-directory test-postgres
	$(MAKE) --no-print-directory test-elastic
	$(MAKE) --no-print-directory test-browser
