# The commands of this project. CI runs the same ones.
#   make demo         a running demo at http://127.0.0.1:8000 (wallet host at http://127.0.0.1:8001)
#   make demo-reset   forget the demo's data
#   make test         every test, browser and foreign verifiers included
#   make test-mariadb the app's tests on MariaDB instead of SQLite
#   make check        lint, types, layers, migrations, PII annotations, translations
#   make personal-data-reference  write docs/reference/personal-data.rst from the code
#   make roles-reference  write docs/reference/roles.rst from the code
#   make settings-reference  write docs/reference/settings.rst from the code
#   make tutor-venvs  Tutor 20, 21 and 22, each in an environment of its own, for the tests of the plugin
#   make bench        measurements
#   make bench-unit   a unit's page, an ordinary answer, and an upload
#   make bench-rules  a million learners judged at once; events and back-fills among ten thousand pathways, SQLite and MariaDB
#   make bench-delivery  pushes, claims, the verify page and status lists, on SQLite and on MariaDB
#   make bench-scale  a site of 200,000 learners and 2,000,000 attainments at work (ATTAINMENTS=200000 for less;
#                     KEEP=/var/tmp/site fills once and finds it again; ONLY=events,pages for parts)
#   make soak         a site at work for 20 minutes (MINUTES=3 for less): flat memory, nothing left over
#   make bench-signing  credentials against other people's libraries: equal bytes, and speed
#   make bench-upload 200 MB as evidence beside a plain PUT
#   make verifier     build the program that checks a badge in a visitor's browser (the built file is committed)
#   make bench-migrations  each migration after the first over a million rows on MariaDB, forwards and back
#   make pictures     the pictures in docs/images, taken while the browser test walks the road
.DEFAULT_GOAL := help
.PHONY: help personal-data-reference bench-migrations tutor-venvs settings-reference roles-reference demo demo-reset test test-fast test-mariadb check format bench bench-unit bench-upload bench-rules bench-signing bench-delivery bench-scale soak lock translations verifier pictures clean

VENV ?= .venv
# Compiled modules are kept: the demo and many tests start a dozen processes, each of which would compile anew.
unexport PYTHONDONTWRITEBYTECODE
PY := $(VENV)/bin/python
# Files of tests share the processors; one file's tests stay together, because they share what they set up. One process
# more than there are processors: tests in a browser mostly wait.
PARALLEL := -n $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1) --dist loadfile
SOURCES := microcred_app microcred_xblock demo_site tests benchmarks scripts tutor setup.py

help:
	@sed -n 's/^#   //p' Makefile

$(VENV)/.demo: requirements/demo.txt setup.py scripts/make-venv
	@scripts/make-venv $(VENV) requirements/demo.txt
	@touch $@

$(VENV)/.test: requirements/test.txt setup.py scripts/make-venv
	@scripts/make-venv $(VENV) requirements/test.txt
	@touch $@ $(VENV)/.demo

# Turns tracking events into xAPI and Caliper, and runs a record store: apart, because every site loads these plugins.
$(VENV)-lrs/.ready: requirements/lrs.txt setup.py scripts/make-venv
	@scripts/make-venv $(VENV)-lrs requirements/lrs.txt
	@touch $@

# The platform's roles as a package: apart, because it needs Python 3.12 (AUTHZ_PYTHON names one).
$(VENV)-authz/.ready: requirements/authz.txt setup.py scripts/make-venv
	@PYTHON=$(AUTHZ_PYTHON) scripts/make-venv $(VENV)-authz requirements/authz.txt
	@touch $@

tests/interop/node_modules/.ready: tests/interop/package-lock.json
	@scripts/system-packages node=nodejs npm=npm
	@cd tests/interop && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

browser_verifier/node_modules/.ready: browser_verifier/package-lock.json
	@scripts/system-packages node=nodejs npm=npm
	@cd browser_verifier && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

verifier: browser_verifier/node_modules/.ready
	@node browser_verifier/build.mjs

demo: $(VENV)/.demo
	@$(PY) scripts/translations.py --compile
	@$(PY) demo_site/manage.py run_demo

demo-reset:
	@rm -rf "$${MICROCRED_DEMO_VAR:-demo_site/var}"
	@echo "The demo starts from nothing next time."

test: $(VENV)/.test $(VENV)-lrs/.ready tests/interop/node_modules/.ready browser_verifier/node_modules/.ready tutor-venvs
	@scripts/system-packages chromium=chromium msgfmt=gettext redis-server=redis-server softhsm2-util=softhsm2
	@$(PY) scripts/translations.py --compile
	@$(MAKE) --no-print-directory check
	@$(PY) -m pytest $(PARALLEL)

test-fast: $(VENV)/.test
	@$(PY) -m pytest $(PARALLEL) -m "not browser and not interop and not services and not tutor"

test-mariadb: $(VENV)/.test
	@scripts/system-packages mariadbd=mariadb-server mariadb_config=libmariadb-dev pkg-config=pkg-config cc=gcc softhsm2-util=softhsm2
	@$(VENV)/bin/uv pip install --quiet --python $(PY) "mysqlclient>=2.2"
	@scripts/with-mariadb $(PY) -m pytest $(PARALLEL) --ds=tests.settings_mariadb -m "not browser and not interop" tests/applets tests/app tests/pages tests/rest tests/people tests/insights tests/imports tests/sources tests/vendors

check: $(VENV)/.test
	@scripts/system-packages xgettext=gettext
	@$(VENV)/bin/ruff check $(SOURCES)
	@$(VENV)/bin/ruff format --check $(SOURCES)
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports
	@$(PY) scripts/check_migrations.py
	@$(PY) scripts/check_pii.py
	@$(PY) scripts/translations.py --check
	@$(PY) scripts/settings_reference.py --check
	@$(PY) scripts/personal_data_reference.py --check
	@$(PY) scripts/roles_reference.py --check

tutor-venvs: $(VENV)/.test
	@scripts/tutor-venvs $(VENV)/bin/uv tutor/.venvs

personal-data-reference: $(VENV)/.test
	@$(PY) scripts/personal_data_reference.py

roles-reference: $(VENV)/.test
	@$(PY) scripts/roles_reference.py

settings-reference: $(VENV)/.test
	@$(PY) scripts/settings_reference.py

format: $(VENV)/.test
	@$(VENV)/bin/ruff check --fix $(SOURCES)
	@$(VENV)/bin/ruff format $(SOURCES)

translations: $(VENV)/.test
	@scripts/system-packages xgettext=gettext
	@$(PY) scripts/translations.py

bench-signing: $(VENV)/.test tests/interop/node_modules/.ready
	@$(PY) -m benchmarks.signing.exactness
	@$(PY) -m benchmarks.signing

# PUSHES=1000 for a look on a busy machine.
bench-delivery: $(VENV)/.test
	@scripts/system-packages mariadbd=mariadb-server mariadb_config=libmariadb-dev pkg-config=pkg-config cc=gcc
	@$(VENV)/bin/uv pip install --quiet --python $(PY) "mysqlclient>=2.2"
	@missed=0; $(PY) -m benchmarks.delivery --pushes $(or $(PUSHES),10000) || missed=1; \
	  MICROCRED_MARIADB_FLUSH=1 scripts/with-mariadb $(PY) -m benchmarks.delivery --pushes $(or $(PUSHES),10000) || missed=1; \
	  exit $$missed

# ATTAINMENTS=200000 for a look on a busy machine.
bench-scale: $(VENV)/.test
	@scripts/system-packages mariadbd=mariadb-server mariadb_config=libmariadb-dev pkg-config=pkg-config cc=gcc redis-server=redis-server
	@$(VENV)/bin/uv pip install --quiet --python $(PY) "mysqlclient>=2.2"
	@MICROCRED_MARIADB_FLUSH=1 MICROCRED_MARIADB_MEMORY=4G MICROCRED_MARIADB_LOG=2G \
	  MICROCRED_MARIADB_FOLDER=$(KEEP) scripts/with-mariadb $(PY) -m benchmarks.scale \
	  --attainments $(or $(ATTAINMENTS),2000000) $(if $(KEEP),--keep $(KEEP)) $(if $(ONLY),--only $(ONLY))

MINUTES ?= 20
soak: $(VENV)/.test
	@scripts/system-packages redis-server=redis-server
	@$(PY) -m tests.chaos.soak --minutes $(MINUTES)

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

# ROWS=20000 for a look on a busy machine.
bench-migrations: $(VENV)/.test
	@scripts/system-packages mariadbd=mariadb-server mariadb_config=libmariadb-dev pkg-config=pkg-config cc=gcc
	@$(VENV)/bin/uv pip install --quiet --python $(PY) "mysqlclient>=2.2"
	@MICROCRED_MARIADB_FLUSH=1 scripts/with-mariadb $(PY) -m benchmarks.migrations --rows $(or $(ROWS),1000000)

bench: $(VENV)/.test
	@$(PY) -m benchmarks

lock: $(VENV)/.test
	@for name in base demo test lrs; do \
	  $(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --no-header --no-annotate \
	    requirements/$$name.in -o requirements/$$name.txt; done
	@$(VENV)/bin/uv pip compile -q --universal --python-version 3.12 --no-header --no-annotate \
	    requirements/authz.in -o requirements/authz.txt

pictures: $(VENV)/.test tests/interop/node_modules/.ready
	@MICROCRED_PICTURES=$(CURDIR)/docs/images $(PY) -m pytest tests/browser/test_road.py tests/browser/test_guides.py tests/browser/test_guides_step_by_step.py

clean:
	rm -rf $(VENV) build dist *.egg-info tests/interop/node_modules browser_verifier/node_modules
