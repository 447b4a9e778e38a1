# Every target prepares what it needs first; `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help run dev cluster chaos fuzz test check bench shots lock clean

# Any Python 3.8+ can prepare; .venv's own is quickest. A shim of pyenv may not answer, so each is tried.
PYTHONS := .venv/bin/python python3 python3.14 python3.13 python3.12 python
ANY_PYTHON = $(shell for p in $(PYTHONS); do $$p -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null && echo $$p && break; done)
BOOTSTRAP = $(or $(ANY_PYTHON),$(error No Python was found. Install one from 3.12 to 3.14, for example: apt install python3.13 python3.13-venv)) -m bootstrap
PY := .venv/bin/python
TESTS ?=
WEBS ?= 2
LABS ?= 1
CLUSTER_DIR ?=
SECONDS ?= 60
SEED ?= 1
N ?= 1000000
FIRST ?=
export DENO_NO_UPDATE_CHECK := 1
BENCH ?=
CHECK ?=

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 16

run:  ## the site, for use: PORT=8000 HOST=127.0.0.1 DATA_DIR=data
	@exec $(BOOTSTRAP) run -- manage.py serve

dev:  ## the site, for work on it: DEBUG on, restarts when a file changes
	@DEBUG=$${DEBUG:-1} exec $(BOOTSTRAP) dev -- manage.py serve --reload

cluster:  ## the site on several processes: nginx, WEBS=2, LABS=1, Redis, PostgreSQL; PORT=8000
	@WEBS=$(WEBS) LABS=$(LABS) CLUSTER_DIR=$(CLUSTER_DIR) exec $(BOOTSTRAP) dev --parts -- -m deploy.cluster

chaos:  ## a cluster under load in which everything dies, freezes, forgets or floods: SECONDS=60 SEED=1
	@exec $(BOOTSTRAP) dev --parts -- -m tests.deploy.chaos $(SECONDS) $(SEED)

fuzz:  ## generated requests and messages for a real site, which must bear them: N=1000000 SEED=1
	@exec $(BOOTSTRAP) dev -- -m tests.generated $(N) $(SEED) $(FIRST)

test:  ## all tests, the core's on each Python that is there; TESTS='tests/lab -k killed' chooses
	@exec $(BOOTSTRAP) dev --parts -- -m tests $(TESTS)

check:  ## lint and types of Python and JavaScript, spelling, import layers, migrations, settings, styles, templates, documents, deployment files
	@$(BOOTSTRAP) dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	git ls-files | xargs -r .venv/bin/codespell
	$(PY) -m mypy
	.venv/bin/vermin --target=3.8- --quiet --violations --eval-annotations --no-tips bootstrap
	.venv/bin/lint-imports
	$(PY) manage.py makemigrations --check --dry-run
	SECURE=1 HSTS_SECONDS=31536000 HSTS_SUBDOMAINS=1 HSTS_PRELOAD=1 ALLOWED_HOSTS=example.org $(PY) manage.py check --deploy --fail-level WARNING
	.venv/bin/deno lint --quiet
	.venv/bin/deno fmt --quiet --check
	.venv/bin/deno check --quiet static/js bench/watching.js
	$(PY) -m pytest --quiet tests/static tests/docs
	find templates -name '*.html' | xargs -r .venv/bin/djade --check --target-version 6.1
	.venv/bin/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml deploy/docker-compose.tls.yml
	.venv/bin/hadolint Dockerfile

bench:  ## every benchmark; BENCH='seek painted' chooses, CHECK=1 fails if a goal is missed
	@$(BOOTSTRAP) dev --parts || $(BOOTSTRAP) dev  # what lacks its part is skipped
	@exec $(PY) -m bench $(if $(filter-out 0,$(CHECK)),--check) $(BENCH)

shots:  ## screenshots of every page and state, into shots/
	@exec $(BOOTSTRAP) dev --parts -- -m tests.browser.shots

lock:  ## rewrite the lock files from requirements/*.in
	@$(BOOTSTRAP) lock
	for group in lock run core dev; do \
	  UV_FIND_LINKS= .venv/bin/uv pip compile requirements/$$group.in --output-file requirements/$$group.txt \
	    --universal --python-version 3.12 --generate-hashes --no-emit-index-url --no-emit-find-links \
	    --upgrade --quiet --custom-compile-command 'make lock' || exit; \
	done

clean:  ## remove what was made, except the data
	rm -rf .venv .venv.lock .venv-* shots .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage*
