# Thin wrappers; where there is no make, call guanxi.py yourself.
PYTHON ?= python3
ARGS ?=

.PHONY: run test lint bench budgets manual messages vendor requirements

run:
	@$(PYTHON) guanxi.py serve $(ARGS)

test:
	@$(PYTHON) guanxi.py test $(ARGS)

lint:
	@$(PYTHON) guanxi.py lint $(ARGS)

bench:
	@$(PYTHON) guanxi.py bench $(ARGS)

budgets:
	@GUANXI_WRITE_BUDGETS=1 $(PYTHON) guanxi.py test tests/test_every_object.py -k statements_stay $(ARGS)

manual:
	@$(PYTHON) guanxi.py manual $(ARGS)

messages:
	@$(PYTHON) guanxi.py messages $(ARGS)

vendor:
	@$(PYTHON) guanxi.py vendor $(ARGS)

requirements:
	@$(PYTHON) guanxi.py requirements $(ARGS)
