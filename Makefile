# Two commands from a fresh clone: `make graph` and `make test`. Needs Python 3.11 or later; PYTHON=python3.12 chooses one.
PYTHON ?= python3
UV ?= uv
BIN := .venv/bin
COMPILE := $(UV) pip compile --quiet --generate-hashes --universal --python-version 3.11 --custom-compile-command 'make lock'

unexport PYTHONDONTWRITEBYTECODE # the tests start hundreds of processes, and each would compile all that it imports

.DEFAULT_GOAL := help
.PHONY: help graph test lock clean

help: ## Show these lines
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/'

graph: .venv/graph.stamp ## Build the graph of the articles in seeds/ and say where the page is
	$(BIN)/kg build seeds

test: .venv/test.stamp ## Check style and types and run every test, as CI does
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict kg
	$(BIN)/pytest -n auto --dist worksteal

lock: ## Choose newer releases of all dependencies (needs uv) and write the lock files
	echo 'hatchling' | $(COMPILE) --upgrade --extra test --output-file requirements-test.lock pyproject.toml -
	echo 'hatchling' | $(COMPILE) --upgrade --constraint requirements-test.lock --output-file requirements.lock pyproject.toml -
	$(COMPILE) --upgrade --constraint requirements-test.lock --extra bench --output-file requirements-bench.lock pyproject.toml

clean: ## Remove the environment, the caches and everything that was built
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis dist
	find kg tests -name __pycache__ -type d -prune -exec rm -rf {} +
	find output -mindepth 1 ! -name README.md -delete

.venv/pyvenv.cfg:
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("newskg needs Python 3.11 or later: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv .venv

.venv/graph.stamp: requirements.lock pyproject.toml | .venv/pyvenv.cfg
	$(BIN)/python -m pip install -qq --disable-pip-version-check --no-compile --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

.venv/test.stamp: requirements-test.lock .venv/graph.stamp
	$(BIN)/python -m pip install -qq --disable-pip-version-check --no-compile --require-hashes -r requirements-test.lock
	touch $@
