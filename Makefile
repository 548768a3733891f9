# Everything that a fresh checkout needs: Python >= 3.11, make and the package index.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test lint bench lock docs web clean

## Build the graph of seeds/ into out/
demo: $(READY)
	$(BIN)/kbgraph build seeds --out out

## Run the tests
test: $(READY)
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

## Run the linters: ruff, mypy, and the rules of which module may import which
lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_rooms.py

## Measure speed and memory against a plain pipeline, side by side
bench: $(READY)
	$(BIN)/python benchmarks/run.py

## Write the generated pages of docs/ again
docs: $(READY)
	$(BIN)/python -m kbgraph.ontology > docs/ontology.md
	$(BIN)/python docs/generate.py

## Pin all dependencies again, with hashes
lock: $(READY)
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	  --no-emit-index-url --all-extras --group build --output-file requirements.txt pyproject.toml

## Bundle the explorer of web/ into the package again; needs Node
web:
	cd web && npm ci --no-fund --no-audit && node build.js

$(READY): requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("kbgraph needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q src/kbgraph
	touch $(READY)

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
