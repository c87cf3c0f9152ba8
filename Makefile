.DEFAULT_GOAL := help
SHELL := /bin/bash
TIMECONTROL := .venv/bin/timecontrol

.PHONY: help run stop status clean lint test

help: ## what can be done
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: ## install what is missing, start everything, load the examples, compute; services go on
	@scripts/bootstrap.sh
	@$(TIMECONTROL) run

stop: ## stop all servers and services, keep the data
	@$(TIMECONTROL) stack down

status: ## what runs, how far each consumer is, how old the replica and the marts are
	@$(TIMECONTROL) status

clean: ## delete all data of the stack, after asking
	@$(TIMECONTROL) stack clean

lint: ## ruff, mypy, sqlfluff
	@scripts/bootstrap.sh
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/sqlfluff lint --disable-progress-bar timecontrol/warehouse dbt_project

# Three processes, each with a stack of its own: much of the time servers are waited for. A file stays in one process;
# files run in the order of the folders, since those with the servers take longest. What draws its cases draws the same each
# time; for a longer search: TIMECONTROL_SEEDS="1 2 3" (increments, live state), TIMECONTROL_REFERENCE_SEED and _CASES.
test: ## the whole test suite, with real servers and a real browser
	@scripts/bootstrap.sh dev
	.venv/bin/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder
