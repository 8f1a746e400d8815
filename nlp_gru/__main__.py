"""The command line: nlp-gru predict | generate | demo | models | inspect | train | eval | export | lecture | lr-find (`nlp_gru/commands`)."""

from nlp_gru.commands import app, main, orphan

__all__ = ["app", "main"]

if __name__ == "__main__":
    orphan.watch()
    main()
