"""The command line: nlp-gru train | eval | predict | generate | demo | models (`nlp_gru/commands`)."""

from nlp_gru.commands import app, main

__all__ = ["app", "main"]

if __name__ == "__main__":
    main()
