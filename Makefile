# make demo | test | test-fast | lint | lecture | web | train-HEAD | eval-HEAD      (HEAD: sentiment, next_word, translation, chat, similarity, base)
PYTHON ?= python3
VENV   ?= .venv
BIN     = $(VENV)/bin
SOURCE ?= data/raw
PROCESSES ?= 2
OUT    ?= runs/$*
PIP     = $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

DATA_base = pretrain meaning
DATA_similarity = meaning

.PHONY: demo test test-fast lint format lecture web docs clean
.DELETE_ON_ERROR:

demo: $(VENV)/installed
	$(BIN)/nlp-gru demo

test: $(VENV)/installed-dev
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2

# What is told within a minute; the rest trains, drives a browser or asks the bundled models for much.
test-fast: $(VENV)/installed-dev
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 -m "not slow and not browser"

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The lecture's claims, measured: 40 minutes on two cores; ARGS=--quick for 3, ARGS='--only beyond-words' for speech, movement,
# forecasts and anomalies alone, in 3. A killed study goes on.
lecture: $(VENV)/installed-lecture
	$(BIN)/nlp-gru lecture --out runs/lecture $(ARGS)

# A page that needs no server, in runs/web; MODELS="my-bot sentiment" for others than all bundled ones.
web: $(VENV)/installed
	$(BIN)/nlp-gru export $(MODELS) --web runs/web --fetch

# The documents as a site, in runs/site.
docs: $(VENV)/created
	$(PIP) 'mkdocs-material>=9.5'
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

demo-%: $(VENV)/installed
	$(BIN)/nlp-gru demo $*

# HEAD is any recipe's name, as in train-translation-fr-en; its files come from the script of its head.
# SAMPLE=1 trains on data/samples in a minute, to see it work; without, the files come from data/HEAD.py.
train-%: $(VENV)/installed-data
ifdef SAMPLE
	$(BIN)/nlp-gru train $* --data data/samples/$*.csv --out $(OUT)-sample --overwrite
else
	for script in $(or $(DATA_$*),$(firstword $(subst -, ,$*))); do $(BIN)/python data/$$script.py --source $(SOURCE) || exit; done
	$(if $(filter base similarity,$*),$(BIN)/python data/meaning.py --teacher)
	OMP_NUM_THREADS=1 $(BIN)/torchrun --standalone --nproc_per_node $(PROCESSES) -m nlp_gru train $* --out $(OUT) $(ARGS)
endif

eval-sentiment: $(VENV)/installed-data
	test -d data/prepared/sentiment/test || $(BIN)/python data/sentiment.py --source $(SOURCE)
	$(BIN)/nlp-gru eval $(or $(MODEL),sentiment) $(foreach f,$(wildcard data/prepared/sentiment/test/*.parquet),--data $f) $(ARGS)

eval-next_word: $(VENV)/installed-data
	test -d data/prepared/next_word/test || $(BIN)/python data/next_word.py --source $(SOURCE)
	OMP_NUM_THREADS=1 $(BIN)/nlp-gru eval $(or $(MODEL),next_word) $(foreach f,$(wildcard data/prepared/next_word/test/*.parquet),--data $f) $(ARGS)

eval-translation: $(VENV)/installed-data
	test -d data/prepared/translation/test || $(BIN)/python data/translation.py --source $(SOURCE)
	OMP_NUM_THREADS=1 $(BIN)/nlp-gru eval $(or $(MODEL),translation) $(foreach f,$(wildcard data/prepared/$(or $(MODEL),translation)/test/*.parquet),--data $f) $(ARGS)

eval-chat: $(VENV)/installed-data
	test -d data/prepared/chat/test || $(BIN)/python data/chat.py --source $(SOURCE)
	OMP_NUM_THREADS=1 $(BIN)/nlp-gru eval $(or $(MODEL),chat) --data data/prepared/chat/test/dialogues.parquet $(ARGS)

$(VENV)/created:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 demo")'
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/installed: $(VENV)/created pyproject.toml constraints.txt
	$(PIP) -e '.[train,demo]'
	touch $@

$(VENV)/installed-data: $(VENV)/installed
	$(PIP) -e '.[demo,data]'
	touch $@

$(VENV)/installed-lecture: $(VENV)/installed
	$(PIP) -e '.[demo,lecture]'
	$(PIP) --no-deps aeon  # only its data is read; what it needs to run would hold numpy and pandas back
	touch $@

$(VENV)/installed-dev: $(VENV)/installed-data
	$(PIP) -e '.[demo,data,dev]'
	touch $@

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache
