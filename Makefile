# Set-up is part of every command: a fresh machine needs Python (3.11 or newer) and make only.
PYTHON ?= python3
STUDY ?= data/sample/programme
LANGUAGE ?=
# Tests of one file stay together: they share what is slow to make.
PARALLEL ?= --numprocesses auto --dist loadfile
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.DEFAULT_GOAL := help
.PHONY: help report test test-lowest lint format bench attack notebooks constraints clean

help:
	@echo "make report [STUDY=folder] [LANGUAGE=nb|en]   write a report to output/"
	@echo "make test           all tests"
	@echo "make lint           style and types"
	@echo "make test-lowest    the tests on the lowest versions that pyproject.toml admits"
	@echo "make bench          speed, as ratios"
	@echo "make attack         2,000 random tables suppressed and attacked"
	@echo "make notebooks      open the notebooks in JupyterLab"

report: .venv/run.installed
	$(BIN)/evalkit report "$(STUDY)" $(if $(LANGUAGE),--language $(LANGUAGE))

test: .venv/dev.installed
	$(BIN)/python -m pytest $(PARALLEL)

lint: .venv/dev.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/dev.installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/dev.installed
	$(BIN)/python -m benchmarks

attack: .venv/dev.installed
	$(BIN)/python -m benchmarks.suppression

notebooks: .venv/notebooks.installed
	$(BIN)/jupyter lab notebooks

test-lowest: .venv/python
	$(BIN)/python .ci/lowest.py $(PARALLEL)

# Some systems ship Python without ensurepip: their pip then installs the first one.
.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "evalkit needs Python 3.11 or newer: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv .venv 2>/dev/null || { $(PYTHON) -m venv --clear --without-pip .venv && \
	  $(PYTHON) -m pip --python $(BIN)/python install --quiet pip; }
	@touch $@

.venv/run.installed: .venv/python pyproject.toml constraints.txt
	$(INSTALL) --editable .
	@touch $@

.venv/dev.installed: .venv/python pyproject.toml constraints.txt
	$(INSTALL) --editable '.[dev]'
	@touch $@ .venv/run.installed

.venv/notebooks.installed: .venv/python pyproject.toml constraints.txt
	$(INSTALL) --editable '.[notebooks]'
	@touch $@

# Newest versions of everything, pinned anew; run the tests before committing the result.
constraints:
	$(PYTHON) -m venv --clear .venv-newest
	.venv-newest/bin/python -m pip install --quiet '.[dev,notebooks]'
	{ echo "# Versions that CI runs with. Made by 'make constraints'."; \
	  .venv-newest/bin/python -m pip freeze --all | grep -E '^[A-Za-z0-9_.-]+==' | \
	  grep -viE '^(evalkit|pip|setuptools)'; } > constraints.txt
	rm -rf .venv-newest

clean:
	rm -rf .venv .venv-lowest output
