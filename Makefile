# make demo      a model incident on this machine, in the browser; PLAY=1 plays it by itself, PORT=8710
# make test      types, lint, import rules and all tests
# make test-spark    the contract of engines on Spark, in an environment of its own; needs Java 17
# make check     the same without the tests
# make bench     the figures, against their peers; ONLY=detection
# make lock      pin the newest versions of all packages
# make clean     remove what demo, bench and tests have left
# Each sets up what it needs in .venv; Python 3.11 or newer is enough.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8710
SHELL := /bin/bash
# Without cached bytecode every start takes seconds longer.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test test-spark check bench lock clean

help:
	@sed -n 's/^# //p;/^$$/q' Makefile

demo: $(VENV)/.run
	@$(BIN)/tocsin demo --port $(PORT) $(if $(PLAY),--play)

test: $(VENV)/.test check
# What takes long to prepare is made in one process: those who share it are a group.
	@$(BIN)/pytest -n 2 --dist loadgroup

test-spark:
	@$(MAKE) -s VENV=.venv-spark .venv-spark/.spark
	@.venv-spark/bin/pytest -n 0 -m spark tests/contracts/test_engines.py

check: $(VENV)/.test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check -q .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/vulture
	@$(BIN)/deptry . --no-ansi

bench: $(VENV)/.test
	@$(BIN)/python -m tests.benchmarks $(ONLY)

# requirements*.txt pin every package with its hash. uv installs them in seconds; where it cannot be had, pip does.
$(VENV)/bin/python:
	@if command -v uv >/dev/null; then uv venv -q --python $(PYTHON) $(VENV); \
	else $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Tocsin needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12 …"; exit 1; }; \
	  $(PYTHON) -m venv $(VENV) && { $(BIN)/pip install -q --disable-pip-version-check uv || true; }; fi

install = if command -v uv >/dev/null; then UV=uv; elif [ -x $(BIN)/uv ]; then UV=$(BIN)/uv; fi; \
	if [ -n "$$UV" ]; then VIRTUAL_ENV=$(CURDIR)/$(VENV) $$UV pip install -q --require-hashes -r $(1) \
	  && VIRTUAL_ENV=$(CURDIR)/$(VENV) $$UV pip install -q --no-deps -e .; \
	else { [ -x $(BIN)/pip ] || $(BIN)/python -m ensurepip >/dev/null; } \
	  && $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(1) \
	  && $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .; fi

$(VENV)/.run: requirements.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing (about 20 s the first time) …"
	@$(call install,requirements.txt)
	@touch $@

$(VENV)/.test: requirements-test.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what the tests need …"
	@$(call install,requirements-test.txt)
	@touch $@ $(VENV)/.run

$(VENV)/.spark: requirements-spark.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing Spark …"
	@$(call install,requirements-spark.txt)
	@touch $@

lock:
	uv pip compile -q -U pyproject.toml --group demo --universal --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements.txt
	uv pip compile -q -U pyproject.toml --group test -c requirements.txt --universal --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements-test.txt
	uv pip compile -q pyproject.toml --group test --extra spark -c requirements-test.txt --universal --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements-spark.txt

clean:
	rm -rf .demo .bench .artefacts .pytest_cache .mypy_cache .ruff_cache .hypothesis
