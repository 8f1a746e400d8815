"""The shared tokenizer, learned from the sample of everyday English and French that data/pretrain.py leaves.

python data/tokenizer.py --tokens 12000      # writes data/prepared/tokenizer.json, in some minutes on one core
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from common import PREPARED, arguments

from nlp_gru.text.emoji import EMOJI
from nlp_gru.text.tokenizer import Tokenizer


def main() -> None:
    parser = arguments(__doc__, "tokenizer.json")
    parser.add_argument("--tokens", type=int, default=12_000)
    parser.add_argument("--sample", type=Path, default=PREPARED / "pretrain" / "vocabulary.parquet")
    args = parser.parse_args()
    tokenizer = Tokenizer.learn(pd.read_parquet(args.sample).text, args.tokens, threads=1, emoji=EMOJI)
    tokenizer.save(args.out)
    print(f"{args.out}: {len(tokenizer):,} tokens")


if __name__ == "__main__":
    main()
