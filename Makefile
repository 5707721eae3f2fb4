# Everything lives in .venv and in this folder: no global installs, no caches elsewhere.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
export PIP_CACHE_DIR := $(CURDIR)/$(VENV)/cache/pip
export PYTHONPYCACHEPREFIX := $(CURDIR)/$(VENV)/cache/pycache
export TMPDIR := $(CURDIR)/$(VENV)/tmp

.PHONY: demo test lint types imports check crash soak wander bench lock clean setup

setup: $(VENV)/.ready

$(VENV)/.ready: requirements-dev.lock
	@mkdir -p $(TMPDIR)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

demo: setup            ## plays a whole conversation on the sandbox: no token, no key
	$(BIN)/python -m bot demo $(ARGS)

test: setup            ## lints, types, import rules and every test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n 2 --dist loadgroup $(ARGS)

bench: setup           ## measures everything (about ten minutes) and writes docs/benchmarks.md
	$(BIN)/python -m benchmarks $(ARGS)

crash: setup           ## kills the bot at every failpoint with both kinds of kill, on both databases (many minutes)
	$(BIN)/pytest tests/crash -n 2 --dist loadgroup --crash-everything $(ARGS)

soak: setup            ## kills the bot at random for two minutes; ARGS="--seconds 600 --seed 7"
	$(BIN)/python -m tests.crash.soak $(ARGS)

wander: setup          ## two people press every button they see for three minutes; ARGS="--wander 600"
	$(BIN)/pytest tests/e2e/test_wandering.py -s --wander 180 $(ARGS)

lock:                  ## pins every dependency with hashes, without any address
	$(BIN)/uv pip compile -q pyproject.toml --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" -o requirements.lock
	$(BIN)/uv pip compile -q pyproject.toml --extra dev --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" -o requirements-dev.lock

clean:
	rm -rf $(VENV) demo
