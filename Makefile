# Weipian: what a person or a machine does with a checkout. `make help` lists it.
# Every target does its own set-up and is quick when there is nothing to do. Names are relative, so that the checkout
# may lie in a folder with spaces or Chinese characters.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

PYTEST := .venv/bin/python -m pytest
COVERAGE := .venv/bin/python -m coverage
# PYTEST_ARGS as a shell reads it: quotes keep words together.
WITH_ARGS := eval "set -- $${PYTEST_ARGS:-}";
export PYTHONNOUSERSITE := 1
export PYTEST_ARGS

.PHONY: help setup demo docs test test-unit test-qgis test-gui test-gate drill team-up team-down test-340 test-344 test-gui-344 test-qt6 test-sets test-installed \
        run process package wheels vendor gate lint bench mutation screenshots lock translations clean distclean

help: ## this list
	@sed -n 's/^\([a-z0-9-]*\):[^#]*## \(.*\)/  make \1|\2/p' Makefile | column -t -s '|'
	@echo
	@echo "  PYTEST_ARGS='-k name' narrows a test target; ALG and ARGS belong to make process."

setup: ## system packages, .venv with the locked Python packages (root or sudo)
	@scripts/setup.sh

demo: setup ## sample county, whole chain through qgis_process, summary
	@.venv/bin/python scripts/demo.py

test: test-unit test-qgis test-gate test-gui ## all tests

test-unit: setup ## plain Python, QGIS cannot be imported; prints what is covered, lines and branches, and wants 92 %
	@mkdir -p .build/coverage && $(COVERAGE) erase
	@$(WITH_ARGS) $(COVERAGE) run -m pytest tests/unit --numprocesses auto --dist loadfile "$$@"
	@$(COVERAGE) combine -q && $(COVERAGE) report $(if $(PYTEST_ARGS),--fail-under=0)

test-qgis: setup ## QGIS in the process, no screen
	@$(WITH_ARGS) QT_QPA_PLATFORM=offscreen $(PYTEST) tests/qgis "$$@"

test-gui: setup ## a real QGIS window on a virtual screen
	@$(WITH_ARGS) scripts/test_gui.sh "$$@"

drill: setup ## kills, full disks, crowds, damaged files, secrets, a long day; writes docs/reliability.md (DRILL='--short' or more)
	@.venv/bin/python -m tests.drill $(DRILL)

team-up: ## a PostgreSQL server of one's own in .build, to try the team workspace; says the place to open
	@scripts/team_server.sh up

team-down: ## stop it; what was written stays
	@scripts/team_server.sh down

test-gate: setup ## the packaged zip: rules of the plugin repository, installation in a fresh profile
	@$(WITH_ARGS) $(PYTEST) tests/gate "$$@"

gate: test-gate ## the same as test-gate

test-340: setup ## tests/qgis on QGIS 3.40 (Debian 13 in .build/chroot-340; root)
	@$(WITH_ARGS) scripts/test_chroot.sh 340 "$$@"

test-344: setup ## tests/qgis on QGIS 3.44 (Debian 13 in .build/chroot-344; root)
	@$(WITH_ARGS) scripts/test_chroot.sh 344 "$$@"

test-gui-344: setup ## tests/gui in a window of QGIS 3.44 (the same chroot)
	@$(WITH_ARGS) scripts/test_chroot.sh 344 --gui "$$@"

test-qt6: setup ## tests/qgis and tests/gui on a QGIS compiled on Qt 6, where ../shared/qt6 has one
	@$(WITH_ARGS) scripts/test_chroot.sh qt6 "$$@"
	@$(WITH_ARGS) scripts/test_chroot.sh qt6 --gui "$$@"

test-sets: setup ## tests/unit on the packages of a Windows installer, and on the newest ones
	@$(WITH_ARGS) scripts/test_chroot.sh base --set stock "$$@"
	@$(WITH_ARGS) scripts/test_chroot.sh base --set newest "$$@"

test-installed: setup ## the zip in a fresh profile, with the packages of a Windows installer and nothing else
	@$(WITH_ARGS) scripts/test_chroot.sh 344 --installed "$$@"

run: setup ## QGIS with the plugin and the sample county
	@.venv/bin/python scripts/run.py

process: setup ## one algorithm: make process ALG=weipian:run ARGS='DELIVERY=… CATALOGUE=…'
	@.venv/bin/python scripts/process.py

package: setup ## dist/weipian_plugin-<version>.zip (LOCAL=1: also while addresses are placeholders)
	@.venv/bin/python scripts/package.py $(if $(LOCAL),--local)

wheels: setup ## dist/weipian-packages-*.zip: Python packages for an older QGIS without internet
	@.venv/bin/python scripts/wheels.py

docs: setup ## the documentation as a site, in dist/site
	@scripts/docs.sh

lint: setup ## ruff, mypy --strict on the plain steps, nothing newer than Python 3.9, dead code, rules of the house
	@.venv/bin/python -m ruff check .
	@.venv/bin/python scripts/typecheck.py
	@.venv/bin/vermin --quiet --target=3.9- --no-tips --violations --exclude file --exclude str.decode --exclude-regex weipian_plugin/vendor/ weipian_plugin
	@.venv/bin/python scripts/dead_code.py
	@$(PYTEST) -q tests/unit/test_house_rules.py

bench: setup ## measurements of tests/bench, written to docs/benchmarks.md
	@$(WITH_ARGS) scripts/bench.sh "$$@"

mutation: setup ## how many small faults in the modules of the proposals the tests notice (MUTATION='--share 0.1 --seed 17' draws a part)
	@.venv/bin/python scripts/mutation.py $(MUTATION)

screenshots: setup ## the pictures of the documentation, in docs/images
	@WEIPIAN_SCREENSHOTS="$$PWD/docs/images" scripts/test_gui.sh -m screenshots

translations: setup ## collect the texts of the plugin into resources/i18n/*.ts
	@.venv/bin/python scripts/translations.py

vendor: setup ## weipian_plugin/vendor from the wheels of requirements/vendor.toml
	@.venv/bin/python scripts/vendor.py

lock: setup ## resolve requirements/*.in anew
	@/usr/bin/python3 scripts/lock.py

clean: ## remove what was built (the set-up stays)
	@find . \( -path ./.venv -o -path ./.build -o -path ./.git \) -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +
	@find resources -name '*.qm' -delete 2>/dev/null || true
	@for entry in .build/*; do case "$$entry" in */chroot-*|*/wheels-13|*/vendor|*/packages) ;; *) rm -rf "$$entry" ;; esac; done
	@rm -rf dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .qgis-settings mutants

distclean: clean ## remove the set-up as well
	@scripts/test_chroot.sh --remove
	@rm -rf .venv .build
