# make demo     the workbench in the browser, on two sample logs: the first thing to try
# make test     all tests            make check    style, types, import directions, house rules
# make docs     the generated pages of the reference, and the picture of the README
# make bench    how fast             make bench-peers   beside PM4Py, in an environment of its own
# make lock     the hash-locked requirements, anew

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help demo test check docs bench bench-peers lock clean
help:
	@sed -n 's/^# \{0,1\}//p' Makefile

# What is installed is stamped, so that nothing is installed twice.
$(VENV)/for-use: requirements.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes --only-binary :all: -r requirements.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	$(BIN)/python tools/compile_ahead.py
	@touch $@

$(VENV)/for-work: requirements-dev.txt $(VENV)/for-use
	$(PIP) install --require-hashes --only-binary :all: -r requirements-dev.txt
	@touch $@

demo: $(VENV)/for-use
	$(BIN)/millrace demo --workspace demo

test: $(VENV)/for-work
	$(BIN)/pytest -n 2

check: $(VENV)/for-work
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/house_rules.py

docs: $(VENV)/for-work
	$(BIN)/python tools/reference.py
	$(BIN)/python tools/pictures.py

bench: $(VENV)/for-work
	$(BIN)/python -m bench

bench-peers: $(VENV)/for-work
	$(BIN)/python -m bench.peers

# No index address goes into the locks: an installation asks whichever index it is set up for.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate
lock:
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install uv
	$(LOCK) pyproject.toml --group build --upgrade -o requirements.txt
	$(LOCK) pyproject.toml --group build --group dev -c requirements.txt -o requirements-dev.txt
	$(LOCK) bench/peers/requirements.in --upgrade -o bench/peers/requirements.txt
	$(LOCK) bench/simulation/requirements.in --upgrade -o bench/simulation/requirements.txt

clean:
	rm -rf $(VENV) demo .millrace .mypy_cache .pytest_cache .ruff_cache .hypothesis
