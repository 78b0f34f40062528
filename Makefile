# Two commands do everything: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
PEERS := .venv-bench/.installed

.PHONY: demo test lint types imports tests fuzz bench simulate lock clean
.DEFAULT_GOAL := test

demo: $(INSTALLED)
	@$(BIN)/nic demo

test: lint types imports tests

lint: $(INSTALLED)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	@if command -v terraform >/dev/null; then terraform fmt -check -recursive terraform; \
	else echo "skipped: terraform fmt -check (no terraform on this machine)"; fi

types: $(INSTALLED)
	$(BIN)/mypy

imports: $(INSTALLED)
	$(BIN)/lint-imports --no-cache

tests: $(INSTALLED)
	$(BIN)/coverage erase
	$(BIN)/pytest --numprocesses=auto --dist=worksteal --cov --cov-report=
	$(BIN)/coverage report --fail-under=95
	$(BIN)/coverage report --fail-under=100 --include='events/*'

# Tries what is claimed for all values with many more of them, other ones at each run.
fuzz: $(INSTALLED)
	$(BIN)/pytest --numprocesses=auto --dist=worksteal --hypothesis-profile=deep -m hypothesis

# Holds what is promised against what is, beside other fakes; not part of `make test`.
bench: $(INSTALLED) $(PEERS)
	@$(BIN)/python -m tests.benchmarks

# Looks for a broken promise for so many seconds, from the seed FIRST on.
SECONDS ?= 60
FIRST ?= 0
simulate: $(INSTALLED)
	@$(BIN)/nic simulate --seconds $(SECONDS) --first $(FIRST)

# Pins what pyproject.toml asks for, for every platform and supported Python.
# What is deployed is pinned to what was tested, and in the bundle with the hashes alone
# that pip may meet where functions run.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet \
	  --no-strip-extras --extra local --group dev pyproject.toml --output-file requirements-dev.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet \
	  --constraints requirements-dev.txt pyproject.toml --output-file requirements.txt
	cp requirements.txt requirements-python312.txt
	uv pip compile --python-platform x86_64-manylinux_2_34 --python-version 3.12 --generate-hashes --no-header \
	  --quiet --constraints requirements.txt pyproject.toml --output-file requirements-python312.txt
	$(BIN)/python -m cli.wheels requirements-python312.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --quiet \
	  --group bench --output-file requirements-bench.txt

clean:
	rm -rf .venv .venv-bench .coverage* .mypy_cache .pytest_cache .ruff_cache

$(INSTALLED): requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=")'
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(PEERS): requirements-bench.txt
	$(PYTHON) -m venv --clear .venv-bench
	.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	@touch $@
