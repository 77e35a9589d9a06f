.DEFAULT_GOAL := install
PY := .venv/bin/python
export ONETHREAD_DATA ?= .onethread

.PHONY: install run test slow lint bench web

install: .venv/.installed web/dist/.built  ## everything into .venv/ and web/dist/

.venv/.installed: requirements.txt requirements-nodeps.txt pyproject.toml
	test -x $(PY) || python3 -m venv .venv
	./install.sh
	touch $@

web/dist/.built: $(shell git ls-files web 2>/dev/null) .venv/.installed
	./build-web.sh
	touch $@

run: install  ## set up and start the demo company
	.venv/bin/onethread serve --demo

test: install  ## the fast suite
	$(PY) -m pytest

slow: install  ## campaigns of minutes
	$(PY) -m pytest -m slow

lint: install  ## ruff, types, import rule, front end
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy .
	.venv/bin/lint-imports
	cd web && npm run --silent types && npm run --silent lint

bench: install  ## ratios within one run
	$(PY) -m tests.bench
