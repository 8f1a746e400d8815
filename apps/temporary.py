"""Every temporary file lies in one folder that belongs to this process: it goes when the process ends, or when the next
one starts; what is older than an hour goes earlier."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import threading
import time
from pathlib import Path

from filelock import FileLock, Timeout

PREFIX, LOCK, OWNER = "nlp-gru-", "lock", "owner"
AGE, YOUNG = 3600.0, 60.0  # seconds: of a file until it goes, of a folder whose owner may still be starting
VARIABLE = "GRADIO_TEMP_DIR"
_lock: FileLock | None = None
_kept: set[Path] = set()


def claim() -> Path:
    """Return the folder for temporary files. It is made at the first call, within GRADIO_TEMP_DIR or the system's own;
    those of processes that are no more are removed before."""
    global _lock
    if _lock is None:
        base = Path(os.environ.get(VARIABLE) or tempfile.gettempdir())
        base.mkdir(parents=True, exist_ok=True)
        remove_orphans(base)
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))
        _lock = FileLock(folder / LOCK)
        _lock.acquire()  # the system lets go of it when the process ends, in whatever way
        (folder / OWNER).write_text(str(os.getpid()))
        os.environ[VARIABLE] = str(folder)
        atexit.register(release)
        threading.Thread(target=_tidy, daemon=True, name="temporary").start()
    return Path(os.environ[VARIABLE])


def release() -> None:
    """Remove this process's folder."""
    if _lock is not None:
        folder = Path(_lock.lock_file).parent
        _lock.release()
        shutil.rmtree(folder, ignore_errors=True)


def remove_orphans(base: Path) -> None:
    """Remove the folders of processes that were killed."""
    for folder in base.glob(f"{PREFIX}*"):
        try:
            if folder.is_symlink() or not (folder / LOCK).is_file() or _is_others(folder):
                continue
            if not (folder / OWNER).is_file() and time.time() - folder.stat().st_mtime < YOUNG:
                continue
            with FileLock(folder / LOCK, timeout=0):
                shutil.rmtree(folder, ignore_errors=True)
        except (OSError, Timeout):
            continue


def _is_others(folder: Path) -> bool:
    return hasattr(os, "getuid") and folder.stat().st_uid != os.getuid()


def keep(folder: Path) -> None:
    """Let a folder of this process stay for longer than an hour, until its owner removes it."""
    _kept.add(folder.resolve())


def forget(folder: Path) -> None:
    _kept.discard(folder.resolve())


def remove_old(folder: Path, age: float = AGE) -> None:
    """Remove what has not been changed for so many seconds."""
    before = time.time() - age
    for entry in [*folder.iterdir(), *folder.glob("results/*")]:
        if entry.name in (LOCK, OWNER, "results") or entry.resolve() in _kept:
            continue
        try:
            if entry.stat().st_mtime < before:
                shutil.rmtree(entry, ignore_errors=True) if entry.is_dir() else entry.unlink()
        except OSError:
            continue


def _tidy() -> None:
    while _lock is not None and _lock.is_locked:
        time.sleep(60)
        folder = Path(_lock.lock_file).parent
        if folder.is_dir():
            remove_old(folder)
