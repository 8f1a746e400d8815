"""How much is taken at most: texts and settings of the Python API, files of a model folder, numbers in them.

What is longer or larger raises `UserError`, unless a tool says that it reads a part. The bounds are far beyond what the tools
are for; they keep one call from taking all memory or all day.
"""

MAX_TEXT = 1_000_000  # characters of one text
MAX_TURNS = 10_000  # of one dialogue
MAX_CANDIDATES = 10_000  # replies scored in one call
MAX_BATCH = 100_000  # texts read at a time

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
