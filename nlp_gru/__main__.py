"""The command line: nlp-gru predict | generate | chat | demo | models | inspect | train | eval | export | lecture |
lr-find (`nlp_gru/cli`)."""

from nlp_gru.cli import app, main
from nlp_gru.training import orphan

__all__ = ["app", "main"]

if __name__ == "__main__":
    orphan.watch()
    main()
