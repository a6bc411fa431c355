# `make` alone lists the targets.

PYTHON ?= $(shell command -v python3 || command -v python)
BIN := .venv/bin
# Half as many more than cores, up to six: tests wait a quarter of their time, for processes that start or clients that leave.
PARALLEL ?= $(shell n=$$(nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 2); [ $$n -gt 4 ] && n=4; echo $$((n + n / 2)))
SOURCES := src tests benchmarks
# Settings make a data folder; a check must not make the user's.
CHECKING := STAVEWORKS_HOME=$(CURDIR)/build/check-home DJANGO_SETTINGS_MODULE=staveworks.config.settings

.DEFAULT_GOAL := help
.PHONY: help setup run test check format-check lint types layers migrations audit secrets format bench

help: ## list the targets
	@echo "Staveworks. make <target>:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)$$/  \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do printf "%-16s %s\n" "$$name" "$$text"; done

setup: ## make .venv with the locked dependencies (finds a Python from 3.12 on)
	@$(or $(PYTHON),$(error No Python found. Install Python 3.12 or newer)) tools/bootstrap

run: ## start everything: database, demo (first time), web server, worker; Ctrl-C stops all
	@$(or $(PYTHON),$(error No Python found. Install Python 3.12 or newer)) tools/bootstrap --beside
	@$(BIN)/staveworks run $(ARGS)

test: setup ## run all tests; installs Chromium and a Chinese font (Debian's) if absent
	@$(PYTHON) tools/test-needs
	$(BIN)/pytest -n $(PARALLEL) --dist loadgroup $(ARGS)

check: setup format-check lint types layers migrations secrets audit test ## everything that must be green before a commit

format-check: setup ## is the code formatted?
	$(BIN)/ruff format --check $(SOURCES)

lint: setup ## look for mistakes and bad habits
	$(BIN)/ruff check $(SOURCES)

types: setup ## check the types
	$(BIN)/mypy

layers: setup ## do imports only go down?
	$(BIN)/lint-imports

migrations: setup ## does every model have its migration, and does none lock for long or break the former version?
	@$(CHECKING) $(BIN)/python -W ignore -m django makemigrations --check --dry-run
	@$(CHECKING) $(BIN)/python -W ignore tools/lint_migrations.py

audit: setup ## is a weakness known in a dependency? (says "not audited" without the network)
	@$(BIN)/python tools/audit

secrets: setup ## is a password, token or private key in the source?
	@$(BIN)/python tools/secrets

format: setup ## format the code and mend what can be mended
	$(BIN)/ruff check --fix-only $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

bench: setup ## measure what the documentation claims; results in benchmarks/results
	@set -e; for file in $(if $(ONLY),$(ONLY),$(wildcard benchmarks/*.py)); do echo "== $$file"; $(BIN)/python $$file; done
