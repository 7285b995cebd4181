# Two commands set everything up by themselves: `make run` and `make test`. Nothing is installed outside .venv.
PYTHON ?= python3
UV := .venv/bin/uv
READY := .venv/.ready
OLD_READER := .venv/old-reader
export UV_PYTHON_DOWNLOADS := never
export DO_NOT_TRACK := 1
export DAGSTER_TELEMETRY_DISABLED := 1
export GX_ANALYTICS_ENABLED := false

.PHONY: run test docs old-reader ocr ui check format clean help

help: ## show the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-10s %s\n", $$1, $$2}'

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 13) else "gouji needs Python 3.11, 3.12 or 3.13; this is %s. Name another with: make PYTHON=python3.12" % sys.version.split()[0])'
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.8'

$(READY): $(UV) pyproject.toml uv.lock
	$(UV) sync --frozen --inexact --quiet
	@touch $(READY)

run: $(READY) ## run the whole pipeline over samples/ and say where the marts are
	.venv/bin/gouji run --inbox samples/filings --home .home

test: $(READY) old-reader ## run all tests
	.venv/bin/python -m pytest -q -n 2 --dist loadscope --no-loadscope-reorder tests

docs: $(READY) ## write the documentation of the models to .home/docs/index.html
	.venv/bin/python -W ignore -m orchestration.dbt_docs --home .home

# The oldest DuckDB this Python can install reads a release in the tests. Without the package index its test is skipped.
old-reader: $(READY) ## install the oldest DuckDB, for the test that opens a release with it
	@test -d $(OLD_READER)/duckdb || $(UV) pip install --quiet --python .venv/bin/python --target $(OLD_READER) --no-deps \
	  --only-binary :all: --resolution lowest-direct 'duckdb>=1.0' || echo "the oldest DuckDB could not be installed" >&2

ocr: $(READY) ## install what reads scans and images (about 300 MB, nothing is downloaded later)
	$(UV) sync --frozen --inexact --quiet --extra ocr

ui: $(READY) ## open the Dagster UI on http://localhost:3000
	.venv/bin/gouji ui --home .home

check: $(READY) ## format, lint and type checks
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy

format: $(READY) ## rewrite the sources in the project's format
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

clean: ## remove the environment and the default home
	rm -rf .venv .home dbt_project/target dbt_project/logs
