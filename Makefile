# Kinelog. `make` alone lists the targets.
.DEFAULT_GOAL := help
SHELL := /bin/sh

RUN := .venv/bin

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ Use
.PHONY: run
run: setup ## Film a sample athlete, analyze the film, and serve the result on a local page
	$(RUN)/kinelog demo

.PHONY: setup
setup: .venv/.locked ## Make .venv with everything Kinelog needs, .venv/bin/kinelog, and web/node_modules

.venv/.locked: pyproject.toml uv.lock web/package-lock.json scripts/setup.sh
	@sh scripts/setup.sh

.PHONY: setup-services
setup-services: setup ## Install PostgreSQL, Kafka and Redis, which the tests and `make up` start themselves
	@sh scripts/setup-services.sh

.PHONY: up
up: setup-services ## Start the whole platform without Docker: servers, API, relay, workers
	@sh scripts/up.sh

.PHONY: down
down: ## End what `make up` started; its data stay in .services
	@sh scripts/down.sh

##@ Change
.PHONY: test
# The tests start hundreds of processes; told to keep no bytecode, each would compile all libraries.
# More processes than cores made the run no shorter, and what browsers show late.
test: export PYTHONDONTWRITEBYTECODE =
test: setup browser setup-services ## Pass every check and every test, which WORKERS=2 processes share
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/lint-imports
	@$(MAKE) --no-print-directory --jobs=2 --output-sync mypy pyright
	$(RUN)/pytest --durations=25 -n $(or $(WORKERS),$(if $(KINELOG_TEST_KAFKA),0,2))

.PHONY: mypy pyright
mypy pyright:
	$(RUN)/$@

.PHONY: check
check: setup ## Pass the fast checks and tests, in seconds
	$(RUN)/ruff check .
	$(RUN)/lint-imports
	$(RUN)/pytest -q tests/domain tests/projections tests/application tests/architecture

.PHONY: browser
browser: ## Look for the browser that the page tests need, and install it where that is allowed
	@sh scripts/browser.sh

.PHONY: bench
bench: setup ## Measure, each figure beside a reference in the same run
	$(RUN)/python -m benchmarks

.PHONY: bench-counting
bench-counting: setup ## Count the clips of LANDMARKS=... by MANIFEST=..., beside published figures
	$(RUN)/python -m benchmarks.counting $(if $(MANIFEST),--landmarks "$(LANDMARKS)" --manifest "$(MANIFEST)")

.PHONY: chaos
chaos: setup setup-services ## Kill parts of a whole platform while LIVE=100 athletes train: RUNS=1 SEED=1 KILLS=12
	@$(RUN)/python -m tests.chaos --runs $(or $(RUNS),1) --seed $(or $(SEED),1) --live $(or $(LIVE),100) \
		--kills $(or $(KILLS),12) $(CHAOS_OPTIONS)

.PHONY: audit
audit: setup ## Ask which packages of the lock files are known to be vulnerable; needs the network
	@sh scripts/audit.sh

.PHONY: compose-check
compose-check: setup setup-services ## Try docker-compose.yml for real, in minutes (root, or a Docker engine)
	@sh scripts/compose-check.sh

.PHONY: schema
schema: setup ## Write api/openapi.json, api/schema.graphql and the pages' sentences again after a change
	$(RUN)/kinelog schema write

.PHONY: clean
clean: ## Remove what set-up and tests made; your data in KINELOG_HOME stay
	rm -rf .venv .tools build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
