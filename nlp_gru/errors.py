"""The one exception a user of the package is meant to see."""


class UserError(ValueError):
    """Something the user can fix: the message is one sentence that names the file, the line and the remedy.

    The command line prints the message alone and exits with code 2.
    """


class RowError(UserError):
    """A row of the data that cannot be used; `index` counts from 0. The reader adds the file's name."""

    def __init__(self, index: int, message: str):
        super().__init__(message)
        self.index = index


def check_text(*texts: object) -> None:
    """Raises `TypeError` for what is not text."""
    for text in texts:
        if not isinstance(text, str):
            raise TypeError(f"a text is a str, not {type(text).__name__}")
