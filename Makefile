# Everything runs from .venv, which is made on first use from constraints.txt.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: serve test check bench eval clean

serve: .venv/ready
	$(BIN)/plan-assistant serve

test: .venv/ready
	$(BIN)/python -m pytest -n 2

check: .venv/ready
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

bench: .venv/ready
	$(BIN)/python -m eval.bench

eval: .venv/ready
	$(BIN)/plan-assistant eval --half test --report report

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev,documents]"
	touch $@

clean:
	rm -rf .venv report dist
