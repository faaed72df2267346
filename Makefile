# `make synth` and `make test` are all a newcomer needs; the rest is listed by `make help`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/pytest -n 2 --dist loadgroup
# What `make docs` writes and `make check` compares; each runs alone too: python -m <module> --check.
GENERATED := config.schema config.reference tools.access_page tools.atlantis_files tools.checkov_page \
	tools.components_page tools.cost_page tools.controls_page tools.delivery_page tools.egress_page \
	tools.network_page tools.plans_page tools.policies_page tools.post_deployment_page tools.quotas_page \
	tools.reachability_page tools.stacks_page
CHECKED := tools.addresses tools.doc_blocks tools.go_modules tools.locks
# Tests start Python hundreds of times: what is compiled is kept, whatever the environment says.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup tools synth check unit charts kyverno cluster database browser integration test soak sandbox sandbox-down e2e bench terrain lock relock evidence review audit sbom docs golden clean

help: ## List the targets
	@grep -E '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(VENV)/.complete ## Install the locked Python dependencies into .venv

$(VENV)/.complete: requirements-uv.lock requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 ...")'
	@echo "setup: installing locked dependencies into $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements-dev.lock
	@touch $@

tools: setup ## Build the real tools that are not on PATH into .tools (PROGRAMS="tofu helm": only these)
	@$(BIN)/python -m tools.build $(PROGRAMS)

synth: setup ## Synthesize the shipped deployments into cdktf.out
	$(BIN)/python main.py

check: setup ## Lint, format, types, generated files
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m tools.generated --check $(GENERATED) $(CHECKED)
	$(BIN)/python -m tools.sensors
	$(BIN)/python -m tools.workflow_templates

unit: setup tools ## Rungs 1 and 2: units, config cases, synth, guardrails, golden JSON
	$(PYTEST) -m "not integration and not charts and not kyverno and not cluster and not database and not browser and not soak"

charts: setup tools ## Rung 4: our charts by real Helm and kubeconform, value keys of the others
	$(BIN)/pytest -m "charts and not soak"

kyverno: setup tools ## Rung 4: policies by the real Kyverno, on good and bad resources
	$(BIN)/pytest -m "kyverno and not soak"

cluster: setup tools ## Rung 5: a real Kubernetes control plane on loopback
	$(BIN)/pytest -m "cluster and not soak"

database: setup tools ## The database bootstrap job against real PostgreSQL servers
	$(BIN)/pytest -m "database and not soak"

browser: setup tools ## The page for reviewers in a real browser
	$(BIN)/pytest -m "browser and not soak"

integration: setup tools ## Rung 3: real OpenTofu against the local AWS server
	$(PYTEST) -m "integration and not soak"

# The rungs after `unit` wait for servers now and then: three at once keep two cores busy, the longest begin first. What
# they print comes when each has ended.
test: check tools unit ## Everything that a change must pass
	$(MAKE) --no-print-directory --output-sync=target -j 3 integration cluster charts kyverno database browser

soak: setup tools ## The long rest: both engines' full cycles, all kills, large random input
	$(BIN)/pytest -n 3 --dist loadgroup --no-loadscope-reorder -m soak

sandbox: setup tools ## Apply every stack for real against a local AWS server, and plan again (ONLY=idp-pci: one deployment)
	$(BIN)/python -m sandbox.run up $(if $(ONLY),--only $(ONLY))

sandbox-down: setup ## Destroy the sandbox in reverse order and prove that nothing is left
	$(BIN)/python -m sandbox.run down $(if $(ONLY),--only $(ONLY))

e2e: synth ## In your own account: doctor, bootstrap, apply, verify, destroy (E2E_ACCOUNT=its 12 digits; DEPLOYMENT=idp)
	$(BIN)/python -m idp e2e --deployment $(or $(DEPLOYMENT),idp) --account "$(E2E_ACCOUNT)" $(if $(E2E_WAIT),--wait $(E2E_WAIT))

bench: setup ## Time the synth: against stock CDKTF Python and CDK EKS Blueprints, and with 10, 100 and 1,000 teams
	$(BIN)/python -m bench

terrain: setup ## Synthesize the same sources under CDK Terrain, the engine's fork, and compare
	$(BIN)/python -m tools.terrain

lock: setup ## Record the identity of new deployments in deployments.lock.json
	$(BIN)/python -m config.identity --write

relock: setup ## Make the locks of Python packages and Go modules anew, of what is asked for; UPGRADE=1 takes the newest
	$(BIN)/python -m tools.go_modules --write
	$(BIN)/python -m tools.locks $(if $(UPGRADE),--upgrade,--write)

evidence: synth ## Write what meets PCI DSS into cdktf.out/evidence: Markdown, CSV, OSCAL
	$(BIN)/python -m idp evidence

audit: setup ## Known vulnerabilities in all that is locked or built (ONLY="python npm go"); 3: a source gave no answer
	$(BIN)/python -m tools.audit $(ONLY)

sbom: setup ## Write the bill of materials (CycloneDX) into cdktf.out/sbom, or as TO=<file>
	$(BIN)/python -m tools.sbom $(if $(TO),"$(TO)")

review: synth ## Write a page for reviewers of each shipped deployment into cdktf.out/review; AGAINST=<output> marks changes
	$(BIN)/python -m idp review $(if $(AGAINST),--against $(AGAINST))

docs: setup ## Write the generated files: JSON Schema, configuration reference, pages of access, components, deliveries, steps after the apply
	$(BIN)/python -m tools.generated --write $(GENERATED)

golden: setup ## Write the golden JSON anew; review the difference before you commit it
	$(BIN)/python -m tools.golden --write
	$(BIN)/python -m tools.addresses --write

clean: ## Remove what can be made again, but not .tools
	rm -rf $(VENV) cdktf.out .mypy_cache .pytest_cache .ruff_cache
