# The commands of this project. CI runs the same ones.
#   make demo         a running demo at http://127.0.0.1:8000 (wallet host at http://127.0.0.1:8001)
#   make demo-reset   forget the demo's data
#   make test         every test, browser and foreign verifiers included
#   make test-mariadb the app's tests on MariaDB instead of SQLite
#   make check        lint, types, layers, migrations, PII annotations, translations
#   make bench        measurements
#   make bench-unit   a unit's page, an ordinary answer, and an upload
#   make bench-rules  a million learners judged at once; events and back-fills among ten thousand pathways, SQLite and MariaDB
#   make bench-delivery  pushes, claims, the verify page and status lists
#   make bench-signing  credentials against other people's libraries: equal bytes, and speed
#   make bench-upload 200 MB as evidence beside a plain PUT
#   make pictures     the pictures in docs/images, taken while the browser test walks the road
.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test test-fast test-mariadb check format bench bench-unit bench-upload bench-rules bench-signing bench-delivery lock translations pictures clean

VENV ?= .venv
# Compiled modules are kept: the demo and many tests start a dozen processes, each of which would compile anew.
unexport PYTHONDONTWRITEBYTECODE
PY := $(VENV)/bin/python
# Files of tests share the processors; one file's tests stay together, because they share what they set up.
PARALLEL := -n auto --dist loadfile
SOURCES := microcred_app microcred_xblock demo_site tests benchmarks scripts setup.py

help:
	@sed -n 's/^#   //p' Makefile

$(VENV)/.demo: requirements/demo.txt setup.py scripts/make-venv
	@scripts/make-venv $(VENV) requirements/demo.txt
	@touch $@

$(VENV)/.test: requirements/test.txt setup.py scripts/make-venv
	@scripts/make-venv $(VENV) requirements/test.txt
	@touch $@ $(VENV)/.demo

tests/interop/node_modules/.ready: tests/interop/package-lock.json
	@scripts/system-packages node=nodejs npm=npm
	@cd tests/interop && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

demo: $(VENV)/.demo
	@$(PY) scripts/translations.py --compile
	@$(PY) demo_site/manage.py run_demo

demo-reset:
	@rm -rf "$${MICROCRED_DEMO_VAR:-demo_site/var}"
	@echo "The demo starts from nothing next time."

test: $(VENV)/.test tests/interop/node_modules/.ready
	@scripts/system-packages chromium=chromium msgfmt=gettext redis-server=redis-server
	@$(PY) scripts/translations.py --compile
	@$(MAKE) --no-print-directory check
	@$(PY) -m pytest $(PARALLEL)

test-fast: $(VENV)/.test
	@$(PY) -m pytest $(PARALLEL) -m "not browser and not interop and not services"

test-mariadb: $(VENV)/.test
	@scripts/system-packages mariadbd=mariadb-server mariadb_config=libmariadb-dev pkg-config=pkg-config cc=gcc
	@$(VENV)/bin/uv pip install --quiet --python $(PY) "mysqlclient>=2.2"
	@scripts/with-mariadb $(PY) -m pytest $(PARALLEL) --ds=tests.settings_mariadb -m "not browser and not interop" tests/applets tests/app tests/pages tests/rest

check: $(VENV)/.test
	@scripts/system-packages xgettext=gettext
	@$(VENV)/bin/ruff check $(SOURCES)
	@$(VENV)/bin/ruff format --check $(SOURCES)
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports
	@$(PY) scripts/check_migrations.py
	@$(PY) scripts/check_pii.py
	@$(PY) scripts/translations.py --check

format: $(VENV)/.test
	@$(VENV)/bin/ruff check --fix $(SOURCES)
	@$(VENV)/bin/ruff format $(SOURCES)

translations: $(VENV)/.test
	@scripts/system-packages xgettext=gettext
	@$(PY) scripts/translations.py

bench-signing: $(VENV)/.test tests/interop/node_modules/.ready
	@$(PY) -m benchmarks.signing.exactness
	@$(PY) -m benchmarks.signing

bench-delivery: $(VENV)/.test
	@$(PY) -m benchmarks.delivery

bench-rules: $(VENV)/.test
	@scripts/system-packages mariadbd=mariadb-server mariadb_config=libmariadb-dev pkg-config=pkg-config cc=gcc
	@$(VENV)/bin/uv pip install --quiet --python $(PY) "mysqlclient>=2.2"
	@missed=0; $(PY) -m benchmarks.rules || missed=1; $(PY) -m benchmarks.road || missed=1; \
	  MICROCRED_MARIADB_FLUSH=1 scripts/with-mariadb $(PY) -m benchmarks.road || missed=1; exit $$missed

# The upload of 200 MB (benchmarks/upload.py) belongs to this target too.
bench-unit: $(VENV)/.test
	@$(PY) -m benchmarks.unit

bench-upload: $(VENV)/.test
	@$(PY) -m benchmarks.upload --piece 64000000

bench: $(VENV)/.test
	@$(PY) -m benchmarks

lock: $(VENV)/.test
	@for name in base demo test; do \
	  $(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --no-header --no-annotate \
	    requirements/$$name.in -o requirements/$$name.txt; done

pictures: $(VENV)/.test tests/interop/node_modules/.ready
	@MICROCRED_PICTURES=$(CURDIR)/docs/images $(PY) -m pytest tests/browser/test_road.py

clean:
	rm -rf $(VENV) build dist *.egg-info tests/interop/node_modules
