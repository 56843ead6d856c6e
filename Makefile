# Every target is a line or two. With the stamp fresh, make touches no network.
PYTHON ?= python3
UV_VERSION := 0.13.9
# Certificates of the system, so that an office behind its own proxy can install.
export UV_SYSTEM_CERTS := 1
export UV_NO_PROGRESS := 1
BIN := .venv/bin

.PHONY: run refresh test ui lint bench soak docs
run: .venv/.stamp
	@$(BIN)/cyberaccord run

refresh: .venv/.stamp
	@$(BIN)/cyberaccord refresh

test: .venv/.stamp
	@$(BIN)/python -m pytest -n 2 --dist loadfile

ui: .venv/.stamp
	@$(BIN)/cyberaccord ui

lint: .venv/.stamp-dev
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

bench: .venv/.stamp-peers
	@$(BIN)/python -m benchmarks

# The long form of the tests marked soak; CI runs their short form.
soak: .venv/.stamp-cluster
	@$(BIN)/python -m pytest -m soak --soak long -n 2 --dist loadfile --no-loadscope-reorder -rPs

# Asks the published database, so `make run` comes first; the site is in site/.
docs: .venv/.stamp-docs
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet && echo "Documentation: site/index.html"

.venv/.uv: Makefile
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; found " + sys.version.split()[0] + ". Try: make PYTHON=python3.11")'
	@$(PYTHON) -m venv .venv && $(BIN)/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION) && touch $@

# sync removes the build backend's editable install, so the project is installed after it, from what is on the machine.
.venv/.stamp: requirements.lock pyproject.toml .venv/.uv
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes --compile-bytecode requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --offline --no-deps --no-build-isolation -e . && touch $@

.venv/.stamp-dev: requirements-dev.lock .venv/.stamp
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode -r requirements-dev.lock && touch $@

.venv/.stamp-docs: requirements-docs.lock .venv/.stamp-dev
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode -r requirements-docs.lock && touch $@

.venv/.stamp-cluster: requirements-cluster.lock .venv/.stamp-dev
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode -r requirements-cluster.lock && touch $@

# The peers stay out of the environment: with what they need, every command would start more slowly.
.venv/.stamp-peers: requirements-bench.lock .venv/.stamp-dev
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --target .venv/peers -r requirements-bench.lock && touch $@
