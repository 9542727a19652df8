# Everything starts here. `make demo` and `make test` do their own set-up: they need
# Python 3.11 or newer and make, nothing else. uv is used where it is installed.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.ready
LANG_OPTION := $(if $(CUSTSEG_DEMO_LANG),--lang $(CUSTSEG_DEMO_LANG),)

.PHONY: demo test long check lint types format lock bench clean help

demo: $(STAMP)  ## make messy exports and run the whole chain on them
	@$(BIN)/custseg demo demo --force $(LANG_OPTION)

test: $(STAMP)  ## format, lint, types and every test
	@$(MAKE) --no-print-directory lint types
	$(BIN)/python -m pytest -n auto --dist worksteal

long: $(STAMP)  ## 10,000 cells of any text through every role
	CUSTSEG_LONG=1 $(BIN)/python -m pytest -n auto -q tests/standardize/test_any_text.py

check: test

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

format: $(STAMP)  ## put the code in the house's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock:  ## write requirements.lock again from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
	  --no-header --no-emit-index-url --no-annotate --generate-hashes -o requirements.lock

bench: $(STAMP)  ## measure clean and segment by stage, 100k and 1M rows
	$(BIN)/python benchmarks/pipeline.py

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis demo

help:
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 10

# A new lock or a new pyproject.toml makes a new environment.
$(STAMP): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "custseg needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; exit 2; }
	@if command -v uv >/dev/null 2>&1; then \
	  uv venv --quiet --allow-existing --python "$$(command -v $(PYTHON))" $(VENV) && \
	  uv pip sync --quiet --python $(BIN)/python requirements.lock && \
	  uv pip install --quiet --python $(BIN)/python --no-deps --editable . ; \
	else \
	  $(PYTHON) -m venv $(VENV) && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable . ; \
	fi
	@touch $(STAMP)
