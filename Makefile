# Two commands do everything on a fresh machine: `make run` and `make test`.
MAKEFLAGS += --no-print-directory --no-builtin-rules
ROOT := $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
BIN := .venv/bin
PORT ?= 8000
DATA_DIR ?=
TLS ?=
ARGS ?=
export PORT DATA_DIR TLS
# Compiled files beside the code make every start several seconds shorter.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup run test check bench chaos simulate compare texts pin clean
help:
	@echo "make run     startar allt och skriver var sidan finns (PORT=8000 DATA_DIR=… TLS=1)"
	@echo "make setup   gör miljön i .venv och bygger front-end och kartor"
	@echo "make test    hämtar det som testerna behöver och kör dem (ARGS='tests/local -x')"
	@echo "make check   stil, typer, importregler och väggar"
	@echo "make bench   mätvärden som kvoter mot ett golv"
	@echo "make chaos   stoppar och startar kö, arbetare och databas under last (ARGS=--small)"
	@echo "make simulate hur väl signalerna finner det som händer, i påhittade kommuner"
	@echo "make compare statistiken bredvid referenspaketet, fil för fil, som en tabell"
	@echo "make texts   samlar texterna för översättare"
	@echo "make pin     låser beroendena på nytt efter en ändring i pyproject.toml"
	@echo "make clean   tar bort det som make setup gjorde (inga data)"

setup:
	@sh $(ROOT)/deploy/setup/setup.sh run

# KS_END_WITH_PARENT: a make that is killed takes everything it started with it.
run: setup
	@cd $(ROOT) && KS_END_WITH_PARENT=1 exec $(BIN)/kraftsamling run

test:
	@sh $(ROOT)/deploy/setup/setup.sh test
	@cd $(ROOT) && KS_CHROMIUM=$$($(BIN)/python deploy/setup/browser.py) exec $(BIN)/python -m pytest $(ARGS)

check:
	@sh $(ROOT)/deploy/setup/setup.sh test
	@cd $(ROOT) && $(BIN)/ruff check .
	@cd $(ROOT) && $(BIN)/mypy
	@cd $(ROOT) && $(BIN)/lint-imports
	@cd $(ROOT) && $(BIN)/python -m pytest -q tests/walls

bench:
	@sh $(ROOT)/deploy/setup/setup.sh test
	@cd $(ROOT) && exec $(BIN)/kraftsamling bench $(ARGS)

chaos:
	@sh $(ROOT)/deploy/setup/setup.sh test
	@cd $(ROOT) && exec $(BIN)/python -m tests.chaos.run $(ARGS)

simulate:
	@sh $(ROOT)/deploy/setup/setup.sh test
	@cd $(ROOT) && exec $(BIN)/python -m tests.simulate.run $(ARGS)

compare:
	@sh $(ROOT)/deploy/setup/setup.sh test
	@cd $(ROOT) && exec $(BIN)/python -m tests.statistics.compare $(ARGS)

texts: setup
	@cd $(ROOT) && $(BIN)/python -m service.web.language extract

pin:
	@sh $(ROOT)/deploy/setup/compile.sh $(ARGS)

clean:
	@cd $(ROOT) && rm -rf .venv node_modules build *.egg-info service/web/built service/geography/built
