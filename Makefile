# Everything is done by one of these commands; each first installs what it needs into .venv, once.
PYTHON ?= python3
VENV ?= .venv
CASE ?= rules/ending-a-contract/cases/source-thread.yaml\#stage-3

BIN := $(VENV)/bin
ENGINE = $(shell sed -n 's/.*"durable-rules==\(.*\)".*/\1/p' pyproject.toml)
FOR_USE := $(VENV)/.installed-for-use
FOR_SERVING := $(VENV)/.installed-for-serving
FOR_WORK := $(VENV)/.installed-for-work

# Python 3.13 removed a function that the engine's source calls; this names its replacement.
export CPPFLAGS += -DPyEval_CallObject=PyObject_CallObject
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check --no-input

.PHONY: help report serve test check format rewrite setup bench mutation clean

help:
	@echo "make report    set up, then write the advice on a real case (CASE=path for another)"
	@echo "make serve     set up, then serve the session and the advice in a browser (ARGS='--port 9000')"
	@echo "make test      set up, then check formatting, lint, types and layers, and run all tests"
	@echo "make format    rewrite the code in the one format"
	@echo "make rewrite   write what comes out into the tests that pin whole outputs; read the difference"
	@echo "make bench     measure how fast it is"
	@echo "make mutation  change the code in small ways and see which slips no test notices (MUTANTS=names; hours)"
	@echo "make setup     only install what is needed, into $(VENV)"
	@echo "make clean     remove what was installed and built"
	@echo "PYTHON=path chooses the Python (3.11 or later)"

report: $(FOR_USE)
	@$(BIN)/advisor report '$(CASE)'

serve: $(FOR_SERVING)
	@$(BIN)/advisor serve $(ARGS)

test: check
	$(BIN)/pytest -q -n auto

check: $(FOR_WORK)
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy --no-error-summary
	$(BIN)/lint-imports --no-logo

format: $(FOR_WORK)
	$(BIN)/ruff format --quiet .
	$(BIN)/ruff check --quiet --fix .

rewrite: $(FOR_WORK)
	REWRITE=1 $(BIN)/pytest -q tests/test_scenarios.py
	$(BIN)/python tests/packs/test_bad_packs.py

setup: $(FOR_WORK)

bench: $(FOR_WORK)
	$(BIN)/python tests/benchmarks/run.py

mutation: $(FOR_WORK)
	@$(PIP) install --editable '.[mutation]'
	$(BIN)/mutmut run $(MUTANTS)
	$(BIN)/mutmut results

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or later is needed; say which with: make PYTHON=path" >&2; exit 1; }
	@echo "Setting up in $(VENV) (once, about half a minute) ..." >&2
	@$(PYTHON) -m venv $(VENV)

# pip may have kept an engine that was once built without the name above; that one cannot be loaded.
define install
	@$(PIP) install --editable $(1)
	@$(BIN)/python -c 'import durable_rules_engine' 2>/dev/null || \
		$(PIP) install --no-cache-dir --force-reinstall --no-deps durable-rules==$(ENGINE)
endef

$(FOR_USE): pyproject.toml | $(BIN)/python
	$(call install,.)
	@touch $@

$(FOR_SERVING): pyproject.toml | $(BIN)/python
	$(call install,'.[web]')
	@touch $@ $(FOR_USE)

$(FOR_WORK): pyproject.toml | $(BIN)/python
	$(call install,'.[dev]')
	@touch $@ $(FOR_USE) $(FOR_SERVING)

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .benchmarks .import_linter_cache mutants
