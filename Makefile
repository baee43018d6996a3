# Two commands do everything: `make run` serves the app, `make test` tests it.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
CHROMIUM := $(shell command -v chromium || command -v chromium-browser)
REDIS := $(shell command -v redis-server)
JAVA := $(shell command -v java)
PANGO := $(shell ldconfig -p 2>/dev/null | grep -o -m 1 libpangoft2-1.0.so.0)
# Called with the names of packages.
FROM_DEBIAN := sh -c 'if [ "$$(id -u)" = 0 ]; then as_root=; elif command -v sudo >/dev/null; then as_root=sudo; else \
  echo "Run apt-get install $$* as root, then try again."; exit 1; fi; \
  $$as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$as_root apt-get install -y -qq "$$@" >/dev/null' debian
PYTEST := OMP_NUM_THREADS=1 $(BIN)/python -m pytest

.PHONY: run test test-long bench lint system-packages spark samples clean

run: .venv
	$(BIN)/gunicorn --config gunicorn.conf.py dashboard.app:server

# Debian keeps the part of Python that makes environments in a package of its own.
.venv: requirements.txt requirements-dev.txt constraints.txt
	@$(PYTHON) -c "import ensurepip, venv" 2>/dev/null || { $(FROM_DEBIAN) python3.11-venv; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt -c constraints.txt
	touch $(VENV)

# Tests that drive a browser or kill processes watch the clock: one process takes them, one at a time.
test: .venv system-packages lint
	$(PYTEST) -m "not long" -n 2 --dist loadfile --durations=15

test-long: .venv system-packages spark
	$(PYTEST) -m long
	$(PYTEST) -m "hypothesis and not long" --hypothesis-profile=default

bench: .venv
	for bench in tests/benchmarks/bench_*.py; do $(BIN)/python $$bench || exit 1; done

lint: .venv
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache

# The browser and the queue server that the tests drive, and what a PDF is drawn with, come from Debian.
system-packages:
ifeq ($(and $(CHROMIUM),$(REDIS)),)
	@$(FROM_DEBIAN) chromium redis-server
endif
ifeq ($(PANGO),)
	@$(FROM_DEBIAN) libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
endif

# Only a long test aggregates order lines on Spark; it runs on Java.
spark: .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-spark.txt -c constraints.txt
ifeq ($(JAVA),)
	@$(FROM_DEBIAN) openjdk-17-jre-headless
endif

samples: .venv
	$(BIN)/python data/generate.py

clean:
	rm -rf $(VENV) tests/.artefacts
