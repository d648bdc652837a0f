# The verbs of this project. `make` lists them.
PY := .venv/bin/python
RUN := .venv/bin/openinfusion

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test replay coverage mutants check planning bench-planning bench-quarter bench docs shell lock clean

help: ## List the verbs
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

.venv/base: requirements/uv.txt requirements/base.txt pyproject.toml
	@command -v python3 >/dev/null || { echo "Python 3.11 or newer is needed: install python3"; exit 1; }
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed"; exit 1; }
	@[ -x $(PY) ] || { echo "· making the environment"; python3 -m venv .venv || { echo "On Debian: apt-get install python3-venv"; exit 1; }; }
	@echo "· installing what it runs on"
	@$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@.venv/bin/uv pip install -q --python $(PY) --require-hashes -r requirements/base.txt
	@$(PY) -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: requirements/dev.txt .venv/base
	@echo "· installing what tests need"
	@.venv/bin/uv pip install -q --python $(PY) --require-hashes -r requirements/dev.txt
	@touch $@

demo: .venv/base ## Install, load the demonstration pharmacy, serve it
	@$(RUN) demo

demo-reset: .venv/base ## Throw the demonstration away and start over
	@$(RUN) demo --reset

test: .venv/dev ## Every test, browser stories included
	@$(PY) -m pytest -q -n 2 --dist loadscope --no-loadscope-reorder

replay: .venv/dev ## Replay every migration and hold the result against the database made from the models (before a release)
	@REPLAY=1 $(PY) -m pytest -q -n 0 tests/concurrency/platform/test_platform_backup.py

coverage: .venv/dev ## Branch coverage of calculations and rules by the tests that concern them
	@$(PY) -m pytest -q -n 0 tests/unit/calculations tests/unit/clinical tests/spec/calculations tests/spec/clinical tests/property/calculations tests/property/clinical --cov=openinfusion.calculations.domain --cov=openinfusion.clinical.domain --cov-branch --cov-fail-under=100 --cov-report=term-missing:skip-covered

mutants: .venv/dev ## Change rules and formulas, one slip at a time, and see whether a test notices (SAMPLE=25 of each module)
	@PYTHONPATH=. .venv/bin/mutmut run --max-children 1 'nothing*' >/dev/null 2>&1 || true
	@PYTHONPATH=. .venv/bin/mutmut run --max-children $(or $(CHILDREN),1) $$($(PY) -m tools.mutants sample $(or $(SAMPLE),25))
	@$(PY) -m tools.mutants report

check: .venv/dev ## Lint, types, import contracts, generated documents current
	@.venv/bin/ruff check
	@.venv/bin/mypy
	@PYTHONPATH=. .venv/bin/lint-imports --no-logo
	@$(RUN) docs --check

planning: .venv/base ## Install the solvers of routes, suite days and batches (about 380 MB); without them plans are quick ones
	@.venv/bin/uv pip install -q --python $(PY) --require-hashes -r requirements/planning.txt

bench-planning: .venv/dev ## Routes, chairs and batches against each solver alone: docs/development/planning-bench.md
	@$(PY) -m benchmarks.planning $(or $(INSTANCES),../shared/samples/planning) $(BENCH)

bench-quarter: .venv/dev ## A quarter of one invented pharmacy, planned against first come: docs/development/planning-bench.md
	@$(PY) -m benchmarks.quarter $(BENCH)

bench: .venv/dev ## Measure, print a table, write var/bench/latest.json
	@$(PY) -m benchmarks

docs: .venv/dev ## Write the generated reference pages
	@$(RUN) docs

shell: .venv/base ## A Python shell with everything loaded
	@$(RUN) django shell

lock: .venv/dev ## Lock the requirements again
	@for f in uv base forecast planning dev peers; do .venv/bin/uv pip compile -q --generate-hashes --no-header --python-version 3.11 requirements/$$f.in -o requirements/$$f.txt; done

clean: ## Remove what was built; the demonstration's data stay in var
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache
