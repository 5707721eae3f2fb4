# Everything lives in .venv and in this folder: no global installs, no caches elsewhere.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
MADE := $(VENV)/.made-by-make
export PIP_CACHE_DIR := $(CURDIR)/$(VENV)/cache/pip
export PYTHONPYCACHEPREFIX := $(CURDIR)/$(VENV)/cache/pycache
export TMPDIR := $(CURDIR)/$(VENV)/tmp
unexport PYTHONDONTWRITEBYTECODE  # bytecode is kept in .venv: each of the many processes of the tests would compile anew

.PHONY: install demo test lints check crash soak wander bench lock env-example notices texts clean setup

install: $(VENV)/.installed    ## what runs, and nothing else: no linters, no tests, no database server

$(VENV)/.installed: requirements.lock | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

setup: $(VENV)/.ready          ## that, and what tests and checks need

$(VENV)/.ready: requirements-dev.lock | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

$(BIN)/python:
	@[ -e $(VENV) ] || { mkdir -p $(VENV) && touch $(MADE); }
	@mkdir -p $(TMPDIR)
	$(PYTHON) -m venv $(VENV)

demo: install          ## the bot on the sandbox, in your browser: no token, no key
	$(BIN)/python -m bot demo $(ARGS)

QUICK := tests/domain tests/network tests/ledger tests/storage tests/telegram tests/providers

check: lints           ## the same but for most tests: a minute and a half
	$(BIN)/pytest -n 2 -q -k "not postgresql" $(QUICK) $(ARGS)

lints: setup           ## linters, types, import rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: lints            ## linters, types, import rules and every test
	$(BIN)/pytest -n 3 --dist loadgroup $(ARGS)

bench: setup           ## measures everything (about ten minutes) and writes docs/benchmarks.md
	$(BIN)/python -m benchmarks $(ARGS)

crash: setup           ## kills the bot at every failpoint with both kinds of kill, on both databases (many minutes)
	$(BIN)/pytest tests/crash -n 2 --dist loadgroup --crash-everything $(ARGS)

soak: setup            ## kills the bot at random for two minutes; ARGS="--seconds 600 --seed 7"
	$(BIN)/python -m tests.crash.soak $(ARGS)

wander: setup          ## two people press every button they see for three minutes; ARGS="--wander 600"
	$(BIN)/pytest tests/e2e/test_wandering.py -s --timeout 0 --wander 180 $(ARGS)

lock:                  ## pins every dependency with hashes, without any address
	$(BIN)/uv pip compile -q pyproject.toml --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" -o requirements.lock
	$(BIN)/uv pip compile -q pyproject.toml --extra dev --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" -o requirements-dev.lock

env-example: install   ## writes .env.example from what bot/settings/model.py says of each setting
	$(BIN)/python -m bot.cli.env_example > .env.example.new
	mv .env.example.new .env.example

notices: install       ## writes NOTICES.md: the licences of what is installed beside Easel
	$(BIN)/python -m bot notices --lock requirements.lock > NOTICES.md.new
	mv NOTICES.md.new NOTICES.md

texts: install         ## writes texts.html: every text of every language side by side, with sample values
	$(BIN)/python -m bot texts > texts.html

# Only what these commands made goes: .venv with our mark in it, and of demo/ the files that the demo noted.
clean:
	@if [ -f $(MADE) ]; then rm -rf $(VENV); \
	elif [ -e $(VENV) ]; then echo "$(VENV) was not made by make, so it is left alone."; fi
	@if [ -L demo ] || { [ -e demo ] && [ ! -f demo/.easel-demo ]; }; then \
		echo "demo was not made by the demo, so it is left alone."; \
	elif [ -e demo ]; then \
		while IFS= read -r name; do case "$$name" in ""|*/*) ;; *) rm -f -- "demo/$$name";; esac; done < demo/.easel-demo; \
		rm -f demo/.easel-demo; \
		rmdir demo 2>/dev/null || echo "demo holds files that the demo did not make: they are left there."; \
	fi
