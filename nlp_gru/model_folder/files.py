"""Files that come from anywhere: how they are opened before anybody knows what they hold."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from nlp_gru.errors import UserError
from nlp_gru.model_folder.options import complaint

T = TypeVar("T", bound=BaseModel)


def size(path: Path) -> int:
    """The bytes of a regular file. Raises `UserError` for a missing one, and for a folder, a pipe or a device, whose
    reading might never end."""
    try:
        found = path.stat()
    except (OSError, ValueError) as error:
        raise UserError(f"{path}: cannot be read ({getattr(error, 'strerror', None) or error})") from None
    if not stat.S_ISREG(found.st_mode):
        raise UserError(f"{path}: not a file but a folder, a pipe or a device")
    return found.st_size


def read_bytes(path: Path, most: int) -> bytes:
    """What a file of at most so many bytes holds. Raises `UserError` for a longer one, and as `size`."""
    length = size(path)
    if length > most:
        raise UserError(f"{path}: {length:,} bytes are too many; the most is {most:,}")
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror})") from None


def read(kind: type[T], path: Path, most: int, what: str) -> T:
    """A JSON file as a `kind`, such as a "model folder's" one. Raises `UserError` for anything else, and as
    `read_bytes`."""
    try:
        data = read_bytes(path, most)
    except UserError as error:
        raise UserError(f"{path}: not a {what} ({str(error).removeprefix(f'{path}: ')})") from None
    try:
        return kind.model_validate_json(data)
    except ValidationError as error:
        raise UserError(f"{path}: not a {what}: {complaint(kind, error)}") from None


def write_whole(path: Path, data: bytes | memoryview) -> None:
    """Write a file that is there whole or not at all: a full disk or a kill leaves the last good one. Raises `OSError`
    naming it."""
    unfinished = path.with_name(f"{path.name}.part")
    try:
        with open(unfinished, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except BaseException as error:
        with suppress(OSError):
            unfinished.unlink()
        if isinstance(error, OSError):
            raise OSError(error.errno, error.strerror, str(path)) from None
        raise
