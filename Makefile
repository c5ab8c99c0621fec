# netcrm's commands. `make run` and `make test` set up everything that they need; nothing else has to be installed
# but Python 3.11 or newer (with its venv module), git and make.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check -qq --no-deps --require-hashes

# The first of these that really is Python 3.11 or newer. Name another one with `make run PYTHON=/path/to/python`.
PYTHONS := python3 python3.13 python3.12 python3.11 python
IS_NEW_ENOUGH := import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))

# Tests whose servers or browser are missing are skipped; with REQUIRE_ALL=1 they fail instead.
REQUIRE_ALL ?=
export NETCRM_TEST_REQUIRE_ALL := $(REQUIRE_ALL)

.PHONY: help run install test test-fast faults fuzz bench lint translations lock backup restore clean

help:
	@echo "make run      start netcrm and say where to open it"
	@echo "make test     run all tests (REQUIRE_ALL=1: nothing may be skipped)"
	@echo "make test-fast   run those on SQLite that start neither processes nor browsers, nor walk over every page"
	@echo "make faults   inject every fault into real processes, in all rounds and on both databases; takes long"
	@echo "make fuzz     try properties and large values with many times the examples; takes long"
	@echo "make bench    measure what netcrm costs, of each kind (PHRASES=FILE.tsv: matching too); takes long"
	@echo "make lint     check style, types, layers, migrations and security"
	@echo "make backup   save the database to FILE, also while netcrm runs"
	@echo "make restore  put the backup FILE in the place of the database (REPLACE=1: keep the one that is there beside it)"
	@echo "make translations   collect the texts to translate and compile the translations"
	@echo "make lock     write the versions of pyproject.toml to the lock files (needs uv)"
	@echo "make clean    remove $(VENV); your data in var/ stays"

run: install
	@exec $(BIN)/python manage.py serve

install: $(VENV)/installed

# Three lanes at once: the data, jobs and pages on SQLite; the same on a private PostgreSQL and broker, without what no
# database can matter to (tests/conftest.py); and real processes with their faults, which mostly wait and therefore come
# first wherever both want a processor. Half of the browsers follows in each of the first two.
PROCESSES := tests/faults tests/processes tests/attacks/test_headers.py
HOSTILE := tests/attacks/test_files.py tests/attacks/test_scripts.py
PAGES := $(addprefix --ignore=,$(PROCESSES) $(HOSTILE) tests/browser)
PYTEST := $(BIN)/python -m pytest -q -p no:cacheprovider
ON_POSTGRESQL := $(BIN)/python -m tests.servers

# Runs up to three commands at the same time; the output of the others follows that of the first, then how long all took.
define at_once
	@mkdir -p .pytest_cache; begin=$$(date +%s); \
	{ $(2); } > .pytest_cache/second.txt 2>&1 & second=$$!; \
	{ $(or $(3),true); } > .pytest_cache/third.txt 2>&1 & third=$$!; \
	trap 'for lane in $$second $$third; do pkill -P $$lane; kill $$lane; done' INT TERM; \
	failed=0; ($(1)) || failed=1; \
	wait $$second || failed=1; \
	wait $$third || failed=1; \
	cat .pytest_cache/second.txt .pytest_cache/third.txt; \
	echo "$@: $$(($$(date +%s) - begin)) s"; \
	exit $$failed
endef

# Fails if one of the two does.
in_turn = $(1); first=$$?; $(2) && exit $$first

test: $(VENV)/installed-dev
	$(call at_once,$(call in_turn,nice $(PYTEST) $(PAGES),nice $(PYTEST) tests/browser),\
		$(call in_turn,nice $(ON_POSTGRESQL) $(PYTEST) $(PAGES),nice $(PYTEST) $(HOSTILE)),$(PYTEST) $(PROCESSES))

# What walks over every address, table or output takes a third of the time and is left to `make test`.
WALKS := tests/attacks tests/erasure tests/isolation tests/favours/test_no_ledger_outputs.py
FAST := $(PAGES) $(addprefix --ignore=,$(WALKS))
HALF := tests/contacts tests/netcrm
test-fast: $(VENV)/installed-dev
	$(call at_once,$(PYTEST) $(FAST) $(HALF),$(PYTEST) $(FAST) tests $(addprefix --ignore=,$(HALF)))

faults: $(VENV)/installed-dev
	$(BIN)/python -m tests.faults

# Where values of a request become part of a query, which each database takes in its own way.
SEARCHES := /contacts/|/contacts/options/|/contacts/circles/|/log/received/|/favours/|/tip/|/admin/search/
fuzz: $(VENV)/installed-dev
	$(PYTEST) -m hypothesis --hypothesis-profile=fuzz
	$(PYTEST) tests/attacks/races.py
	$(ON_POSTGRESQL) $(PYTEST) tests/attacks/races.py
	$(PYTEST) -s tests/attacks/large_values.py
	$(PYTEST) -s tests/attacks/import_bombs.py

bench: $(VENV)/installed-dev
	$(BIN)/python bench/import.py
	$(BIN)/python bench/duplicates.py --generate 10000
	$(BIN)/python bench/suggestions.py
	$(BIN)/python bench/rounds.py --members 1000
	$(BIN)/python bench/digest.py
	$(BIN)/python bench/recompute.py
	$(if $(PHRASES),$(BIN)/python bench/matching.py "$(PHRASES)",@echo "Left out: bench/matching.py, as no PHRASES=FILE.tsv was named")

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	find templates -name '*.html' | xargs $(BIN)/djade --target-version 5.2 --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/bandit --configfile pyproject.toml --quiet --recursive -ll netcrm accounts contacts favours
	NETCRM_BASE_URL=https://netcrm.example.org $(BIN)/python manage.py check --deploy --fail-level WARNING

translations: $(VENV)/installed-dev
	@$(BIN)/python manage.py translations

backup: install
	@test -n "$(FILE)" || { echo "Say where to: make backup FILE=netcrm-backup.sqlite3" >&2; exit 2; }
	@$(BIN)/python manage.py backup "$(FILE)"

restore: install
	@test -n "$(FILE)" || { echo "Say from where: make restore FILE=netcrm-backup.sqlite3" >&2; exit 2; }
	@$(BIN)/python manage.py restore "$(FILE)" $(if $(REPLACE),--replace)

lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" pyproject.toml --group dev -o requirements-dev.lock

clean:
	rm -rf $(VENV)

# The stamps tell which lock file is installed, so that a second start need not look.

$(VENV)/installed: requirements.lock | $(BIN)/python
	@echo "Installing the packages of requirements.lock (about half a minute, once) ..."
	@$(PIP) -r requirements.lock
	@touch $@

$(VENV)/installed-dev: requirements-dev.lock | $(BIN)/python
	@echo "Installing the packages of requirements-dev.lock (about half a minute, once) ..."
	@$(PIP) -r requirements-dev.lock
	@touch $@

$(BIN)/python:
	@for candidate in $(PYTHON) $(PYTHONS); do \
		if $$candidate -c '$(IS_NEW_ENOUGH)' >/dev/null 2>&1; then \
			echo "Making $(VENV) with $$($$candidate --version) ..."; \
			exec $$candidate -m venv --clear $(VENV); \
		fi; \
	done; \
	echo "netcrm needs Python 3.11 or newer with its venv module; found: $$(python3 --version 2>&1)." >&2; \
	echo "Install it (Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install python@3.13)" >&2; \
	echo "or name one that you have: make run PYTHON=/path/to/python3.11" >&2; \
	exit 1
