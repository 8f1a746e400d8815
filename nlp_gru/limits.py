"""How much is taken at most: texts and settings of the Python API, files of a model folder, numbers in them.

What is longer or larger raises `UserError`, unless a tool says that it reads a part. The bounds are far beyond what the tools
are for; they keep one call from taking all memory or all day.
"""

MAX_TEXT = 1_000_000  # characters of one text
MAX_TURNS = 10_000  # of one dialogue
MAX_CANDIDATES = 10_000  # replies scored in one call
MAX_ENCODED = 100_000  # texts encoded at once
MAX_BATCH = 100_000  # texts read at a time
MAX_HITS = 1_000_000  # texts found by one query
MAX_ALL_HITS = 2_000_000  # by the queries of one call

MAX_SUGGESTIONS = 50  # more are not an error: these are what comes
MAX_SKIPPED = 200  # words not to be offered
MAX_WORDS = 1000  # of generated text
MAX_NGRAM = 1000  # pieces that are kept from coming twice
MAX_TOP_K = 1_000_000
MAX_TEMPERATURE = 10.0
MAX_SEED = (1 << 64) - 1
MAX_BEAM = 50
MAX_ALIGNED = 5_000  # characters of a sentence whose alignment is wanted
MAX_ALIGNED_PIECES = 100_000  # pieces of the one times pieces of the other
MAX_SAMPLES = 64  # replies that are chosen from
MAX_REPLY_WORDS = 400
MAX_SAMPLED_WORDS = 6_400  # of all of them together

MAX_THREADS = 256

MAX_CONFIG_BYTES = 10_000_000
MAX_TOKENIZER_BYTES = 10_000_000
MAX_PIECES = 100_000  # of a vocabulary
MAX_HEADER_BYTES = 1_000_000  # of model.safetensors
MAX_WEIGHTS_BYTES = 1_000_000_000
MAX_WEIGHT = 1e4  # magnitude; trained weights stay below 100, and products of these still fit float32
MAX_MEMORY_BYTES = 50_000_000
MAX_WORD_LIST, MAX_WORD_LIST_BYTES = 200_000, 5_000_000  # words that a keyboard knows; packed and unpacked

# Data files, on the command line and, lower, in the pages. Nesting of JSON is bounded by its parser (pydantic's), at 200.
MAX_DATA_BYTES, MAX_PAGE_DATA_BYTES = 8_000_000_000, 25_000_000
MAX_DATA_ROWS, MAX_PAGE_DATA_ROWS = 100_000_000, 50_000
MAX_DATA_COLUMNS, MAX_PAGE_DATA_COLUMNS = 10_000, 1_000
MAX_CELL, MAX_PAGE_CELL = MAX_TEXT, 100_000  # characters
MAX_DATA_CHARACTERS, MAX_PAGE_DATA_CHARACTERS = 20_000_000_000, 50_000_000  # of all wanted cells, as they are decoded
MAX_JSON_BYTES, MAX_PAGE_JSON_BYTES = (
    500_000_000,
    4_000_000,
)  # parsed at once: a whole .json file, a line of a .jsonl file
MAX_PARQUET_MEMORY = 400_000_000  # bytes that reading an uploaded Parquet file may take, in a process of its own
MAX_PARQUET_SECONDS = 10  # of a core, for the same

MAX_RECIPE_BYTES = 100_000
MAX_UPDATES = 10_000_000  # that a recipe asks for whatever its epochs
MAX_NEGATIVES = 100_000
MAX_TRAINING_SEED = (
    1 << 31
) - 1  # NumPy takes 32 bits, and what the processes and a resumed training add stays within them
