# `make app` sets up and starts the app; `make test` sets up and runs every test; `make help` lists the rest.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
# Processes that share the tests; each starts servers and loads TensorFlow for itself, about 2 GB of memory.
WORKERS ?= 2
PYTEST := $(BIN)/python -m pytest --quiet -n $(WORKERS)

.PHONY: app test check lint types fast bench pictures help clean

app: .venv/app ## set up and start the app
	@$(BIN)/streamlit run app.py

test: .venv/test ## set up and run every check and every test, in a real browser too
	@$(BIN)/python -m tests.browser.chromium
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(PYTEST)

check: .venv/test ## lint, types and the fast tests, side by side: under a minute
	@$(MAKE) --no-print-directory -j 2 types lint fast

lint: .venv/test ## style and form of the code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/test ## types of the code
	$(BIN)/mypy

fast: .venv/test ## the tests that need no browser, page, TensorFlow, process of their own or thousands of digits
	$(PYTEST) -m "not slow"

bench: .venv/test ## measure every claim anew beside its record, in days; QUICK=1: some, in minutes; NAMES="a b": these
	$(BIN)/python -m benchmarks $(if $(QUICK),--quick) $(NAMES)

pictures: .venv/test ## take the pictures of the documents anew; NAMES="a b": these
	@$(BIN)/python -m tests.browser.pictures $(NAMES)

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1:/p' $(firstword $(MAKEFILE_LIST)) | while IFS=: read -r name what; do printf 'make %-8s %s\n' "$$name" "$$what"; done

clean: ## remove the environment
	rm -rf .venv

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "No Python 3.11, 3.12 or 3.13 was found. Install one, or name it: make app PYTHON=/path/to/python3.12"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Python's venv module is missing. On Debian and Ubuntu: apt install python3-venv"; exit 1; }

# Twice quiet: of pip only errors are of interest here.
.venv/app: requirements.txt | .venv/bin/python
	@echo "Setting up in .venv: about 700 MB to download, two minutes or more."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/test: requirements-dev.txt requirements-cluster.txt requirements.txt | .venv/bin/python
	@echo "Setting up the tests in .venv: about 800 MB to download, two minutes or more."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -r requirements-dev.txt
	@touch $@
