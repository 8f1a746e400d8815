"""ONNX Runtime Web, which is no Python package: one archive of npm's registry, known by its sum."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import tarfile
import tempfile
import urllib.request
from pathlib import Path

from nlp_gru.errors import UserError
from nlp_gru.model_folder.files import read_bytes

VERSION = "1.30.0"
ARCHIVE = f"onnxruntime-web-{VERSION}.tgz"
ADDRESS = f"https://registry.npmjs.org/onnxruntime-web/-/{ARCHIVE}"
SHA512 = "q0y+JrrtukXSzsBWEMccVfqX25LRmosXHF+CaRJmg8pZClzcV7svNc4rKY3jL02Vb7QmRMDs1SigqR4CXAfKYQ=="  # as npm states it
SIZE = 33_106_585  # bytes
FILES = ("ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm")
TIMEOUT = 60  # seconds without a byte


def kept() -> Path:
    """Where a fetched archive is kept: NLP_GRU_CACHE, XDG_CACHE_HOME or ~/.cache."""
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(os.environ.get("NLP_GRU_CACHE") or Path(caches) / "nlp-gru") / ARCHIVE


def load(archive: Path | None = None, fetch: bool = False) -> dict[str, bytes]:
    """The files that a page needs, by name, from `archive`, from the one that was fetched before, or, if `fetch`, from
    npm.

    Raises `UserError` where there is none, or it is another one than this version's.
    """
    path = archive or kept()
    if archive is None and not path.is_file():
        if not fetch:
            raise UserError(
                f"the page needs {ARCHIVE} ({SIZE / 1e6:.0f} MB): --fetch gets it from registry.npmjs.org, once; "
                f"without a network, name the file that `npm pack onnxruntime-web@{VERSION}` makes: --runtime FILE"
            )
        _fetch(path)
    data = _checked(read_bytes(path, SIZE), path)
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        return {name: tar.extractfile(f"package/dist/{name}").read() for name in FILES}  # type: ignore[union-attr]


def _checked(data: bytes, source: Path | str) -> bytes:
    if base64.b64encode(hashlib.sha512(data).digest()).decode() != SHA512:
        raise UserError(f"{source}: not the archive {ARCHIVE} of npm's registry (its SHA-512 is another)")
    return data


def _fetch(path: Path) -> None:
    try:
        with urllib.request.urlopen(ADDRESS, timeout=TIMEOUT) as response:
            data = _checked(response.read(SIZE + 1), ADDRESS)
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".fetching-") as folder:
            draft = Path(folder) / ARCHIVE
            draft.write_bytes(data)
            os.replace(draft, path)
    except OSError as error:
        raise UserError(
            f"{ADDRESS} could not be fetched to {path}: {getattr(error, 'reason', None) or error}"
        ) from None
