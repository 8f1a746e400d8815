"""An ONNX file's bytes. Protocol buffers are lengths and numbers one after the other, and a graph needs a dozen kinds
of them (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto has the field numbers). The package `onnx` would add 23
MB to an installation and half a second to a start; so the tests alone need it, which hold its checker and reader
against what is written here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nlp_gru.arrays import Array

Dims = Sequence[int | str]
FLOAT, INT8, INT32, INT64, BOOL = 1, 3, 6, 7, 9
_KINDS = {"float32": FLOAT, "uint8": 2, "int8": INT8, "int32": INT32, "int64": INT64, "bool": BOOL}
_IR, _OPSET, _CONTRIBUTED = 9, 19, "com.microsoft"
_ALIGNED = 64  # bytes


def _varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes | str) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return _prefix(field, len(data)) + data


def _prefix(field: int, length: int) -> bytes:
    return _varint(field << 3 | 2) + _varint(length)


def value_info(name: str, kind: int, dims: Dims) -> bytes:
    """A ValueInfoProto; a dimension that varies is a name."""
    sizes = b"".join(_bytes(1, _bytes(2, d) if isinstance(d, str) else _number(1, d)) for d in dims)
    return _bytes(1, name) + _bytes(2, _bytes(1, _number(1, kind) + _bytes(2, sizes)))


def node(
    op: str, inputs: Iterable[str], outputs: Iterable[str], attributes: Mapping[str, Any], domain: str = ""
) -> bytes:
    """A NodeProto; an attribute is an integer, a list of integers, a word, or the bytes of a graph."""
    parts = [_bytes(1, name) for name in inputs] + [_bytes(2, name) for name in outputs]
    return b"".join(
        [*parts, _bytes(4, op), *(_bytes(5, _attribute(*a)) for a in attributes.items()), _bytes(7, domain)]
    )


def _attribute(name: str, value: int | Sequence[int] | str | bytes) -> bytes:
    if isinstance(value, str):
        return _bytes(1, name) + _bytes(4, value) + _number(20, 3)
    if isinstance(value, bytes):
        return _bytes(1, name) + _bytes(6, value) + _number(20, 5)
    if isinstance(value, int):
        return _bytes(1, name) + _number(3, value) + _number(20, 2)
    return _bytes(1, name) + b"".join(_number(8, v) for v in value) + _number(20, 7)


def graph(name: str, nodes: Iterable[bytes], inputs: Iterable[bytes], outputs: Iterable[bytes]) -> bytes:
    """A GraphProto."""
    fields = ((1, nodes), (2, (name,)), (11, inputs), (12, outputs))
    return b"".join(_bytes(field, value) for field, values in fields for value in values)


class Outside:
    """A file that large tensors of several models stand in, by name, each once."""

    def __init__(self, path: Path, least: int = 1024):
        self.path, self.least = path, least
        self._places: dict[str, tuple[Array, int]] = {}
        self._size = 0

    def put(self, name: str, value: Array) -> int:
        """The place (bytes from the start) of the tensor of that name. Raises `ValueError` if another one has the
        name."""
        if name not in self._places:
            self._places[name] = value, self._size
            self._size += -(-value.nbytes // _ALIGNED) * _ALIGNED
        known, place = self._places[name]
        if known is not value and not np.array_equal(known, value):
            raise ValueError(f"two tensors are called {name}")
        return place

    def table(self) -> dict[str, dict[str, Any]]:
        """dtype, shape and place of every tensor."""
        return {n: {"dtype": v.dtype.name, "shape": v.shape, "offset": at} for n, (v, at) in self._places.items()}

    def write(self) -> None:
        with open(self.path, "wb") as file:
            for value, at in self._places.values():
                file.write(bytes(at - file.tell()) + np.ascontiguousarray(value).tobytes())


def model(graph: bytes, tensors: Mapping[str, Array], outside: Outside | None = None) -> bytes:
    """A ModelProto over the standard operators and those that ONNX Runtime adds. tensors: the graph's constants by
    name, which are copied but once; outside: takes the large ones."""
    opsets = [_bytes(1, domain) + _number(2, version) for domain, version in (("", _OPSET), (_CONTRIBUTED, 1))]
    head = b"".join([_number(1, _IR), _bytes(2, "nlp-gru"), *(_bytes(8, o) for o in opsets)])
    chunks = [chunk for item in tensors.items() for chunk in _tensor(*item, outside)]
    return b"".join([head, _prefix(7, len(graph) + sum(map(len, chunks))), graph, *chunks])


def _tensor(name: str, value: Array, outside: Outside | None) -> tuple[bytes, memoryview | bytes]:
    """A TensorProto, as field 5 of a graph: what comes before its numbers, and they, or where they stand."""
    head = b"".join(_number(1, size) for size in value.shape) + _number(2, _KINDS[value.dtype.name]) + _bytes(8, name)
    data: memoryview | bytes
    if outside is not None and value.nbytes >= outside.least:
        place = {"location": outside.path.name, "offset": outside.put(name, value), "length": value.nbytes}
        data = b"".join(_bytes(13, _bytes(1, key) + _bytes(2, str(found))) for key, found in place.items())
        data += _number(14, 1)  # EXTERNAL
    else:
        data = np.ascontiguousarray(value).reshape(-1).view(np.uint8).data
        head += _prefix(9, len(data))
    return _prefix(5, len(head) + len(data)) + head, data
