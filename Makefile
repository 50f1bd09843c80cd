# Kinelog. `make` alone lists the targets.
.DEFAULT_GOAL := help
SHELL := /bin/sh

RUN := .venv/bin

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ Use
.PHONY: run
run: setup ## Analyze a video of a sample athlete, and serve the result and sample plans on a local page
	$(RUN)/python -m tools.payments $(RUN)/python -m tools.health $(RUN)/python -m tools.speech $(RUN)/kinelog demo

.PHONY: setup
setup: .venv/.locked ## Create .venv (with .venv/bin/kinelog) and web/node_modules

.venv/.locked: pyproject.toml uv.lock web/package-lock.json scripts/setup.sh
	@sh scripts/setup.sh

.PHONY: setup-services
setup-services: setup ## Install PostgreSQL, MariaDB, Kafka, Redis, Ceph and ClamAV for the tests and `make up`
	@sh scripts/setup-services.sh

.PHONY: up
up: setup-services ## Start the whole platform without Docker: servers, API, relay, workers
	@sh scripts/up.sh

.PHONY: down
down: ## Stop what `make up` started; data stays in .services
	@sh scripts/down.sh

##@ Change
# The tests start hundreds of processes; without a bytecode cache, each would compile all libraries.
# More workers than cores shorten only the slow tests, which often wait, and delay what browsers show.
test test-slow test-at check: export PYTHONDONTWRITEBYTECODE =
PARALLEL = -n $(or $(WORKERS),$(if $(KINELOG_TEST_KAFKA),0,2)) $(SHUFFLED)
# Files keep their order, the slowest first; the tests of each are shuffled.
SHUFFLED = $(if $(filter random,$(ORDER)),-p randomly $(if $(SEED),--randomly-seed=$(SEED)))

.PHONY: test
test: setup ## Run linters, type checkers and all but slow tests: WORKERS=2 ORDER=random SEED=1
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/lint-imports
	@$(MAKE) --no-print-directory --jobs=3 --output-sync=line programs mypy pyright eslint
	$(RUN)/pytest --durations=25 $(PARALLEL) -m "not slow"

.PHONY: test-slow
test-slow: setup programs ## Run only the slow tests; with UNTIL=..., a Unix time, skip those that would start later
	$(RUN)/pytest --durations=25 $(PARALLEL) -m slow $(if $(UNTIL),--until=$(UNTIL) -rs)

.PHONY: test-at
test-at: setup programs ## Run tests as if it were AT='2027-01-31 23:40' in UTC: TESTS=tests/web
	sh scripts/at.sh '$(or $(AT),2027-01-31 23:40)' $(RUN)/pytest $(PARALLEL) -m "not slow" $(or $(TESTS),tests/web tests/api)

# Downloads mostly wait, so `make test` runs them beside the type checkers; in turn, because apt-get holds a lock.
.PHONY: programs
programs: setup
	@sh scripts/browser.sh
	@sh scripts/setup-services.sh
	@sh scripts/stripe-description.sh

.PHONY: mypy pyright eslint
eslint: setup ## Run the linter of the pages
	@PATH="$$PWD/$(RUN):$$PATH" npm run --prefix web --silent lint
mypy: ## Run the type checker mypy
	$(RUN)/mypy
pyright: ## Run the type checker pyright
	$(RUN)/pyright

.PHONY: check
check: setup ## Run the linters and the tests of the core that need no server, within a minute
	$(RUN)/ruff check .
	$(RUN)/lint-imports
	@$(MAKE) --no-print-directory --jobs=2 --output-sync eslint types
	$(RUN)/pytest -q $(PARALLEL) --hypothesis-profile=quick -m "not slow and not server" tests/domain tests/projections tests/application tests/architecture

.PHONY: browser
browser: ## Find the browser that the page tests need, or install it if allowed
	@sh scripts/browser.sh

.PHONY: stripe-description
stripe-description: setup ## Download the description of Stripe's API that the tests of payments need
	@sh scripts/stripe-description.sh

.PHONY: bench
bench: setup ## Run the benchmarks, each beside a reference in the same run
	$(RUN)/python -m benchmarks

.PHONY: bench-counting
bench-counting: setup ## Count the clips LANDMARKS=... with MANIFEST=..., beside published figures
	$(RUN)/python -m benchmarks.counting $(if $(MANIFEST),--landmarks "$(LANDMARKS)" --manifest "$(MANIFEST)")

.PHONY: chaos
chaos: setup setup-services ## Kill parts of a whole platform under LIVE=100 sessions: RUNS=1 SEED=1 KILLS=12
	@$(RUN)/python -m tests.chaos --runs $(or $(RUNS),1) --seed $(or $(SEED),1) --live $(or $(LIVE),100) \
		--kills $(or $(KILLS),12) $(CHAOS_OPTIONS)

.PHONY: audit
audit: setup ## Check the lock files for known vulnerabilities; needs the network
	@sh scripts/audit.sh

.PHONY: compose-check
compose-check: setup setup-services ## Test docker-compose.yml with real containers (root, or a Docker engine)
	@sh scripts/compose-check.sh

.PHONY: schema
schema: setup ## Generate the API schemas, the code of the worker contract and the sentences of the pages
	$(RUN)/python -m grpc_tools.protoc -Iapi/contract --python_out=adapters/rpc --pyi_out=adapters/rpc kinelog.proto
	$(RUN)/kinelog schema write

web/types/graphql.d.ts: api/openapi.json api/schema.graphql web/package.json web/package-lock.json | setup
	cd web && PATH="$$PWD/../$(RUN):$$PATH" npm run types
	@touch $@

.PHONY: types
types: web/types/graphql.d.ts ## Generate TypeScript types of REST and GraphQL in web/types, and check the pages with them
	cd web && PATH="$$PWD/../$(RUN):$$PATH" npm run check

.PHONY: wheel
wheel: setup ## Build the wheel, with the built pages, in dist
	$(RUN)/python -m bootstrap.pages
	.tools/bin/uv build --wheel

.PHONY: client
client: setup ## Generate the Python and TypeScript clients from the API schemas, and package them in dist
	@sh scripts/python-client.sh
	@sh scripts/typescript-client.sh

.PHONY: pictures
pictures: setup ## Take the pictures of the documentation from the running pages
	$(RUN)/python -m tools.doc_pictures

.PHONY: emails
emails: setup ## Show every e-mail in every language on a page: build/emails.html
	$(RUN)/python -m tools.email_previews

.PHONY: sample-video
sample-video: setup ## Render the video that `make run` analyzes
	$(RUN)/python -m tools.film_studio

.PHONY: golden
golden: setup ## Write the golden files of new events; existing ones never change
	$(RUN)/python -m tools.generate.golden

.PHONY: clean
clean: ## Remove what setup and tests created; data in KINELOG_HOME stays
	rm -rf .venv .tools build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
