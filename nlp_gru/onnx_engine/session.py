"""A graph, ready to run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nlp_gru.arrays import Array


class Session:
    """`session(names, name=array, ...)` gives those outputs, or all in their order. Safe to call from several threads
    at once."""

    def __init__(self, model: bytes, threads: int = 1):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.log_severity_level = 3
        options.enable_cpu_mem_arena = False  # it would keep the memory of the largest input; no slower without
        # Without it, processors that lack VNNI add pairs of int8 products in 16 bits, which overflow.
        options.add_session_config_entry("session.x64quantprecision", "1")
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._session._model_bytes = None  # the wrapper would keep them beside what was made of them

    def __call__(self, outputs: Sequence[str] | None = None, /, **inputs: Array) -> Sequence[Array]:
        found: Sequence[Array] = self._session.run(outputs, inputs)
        return found


def padded(sequences: Sequence[Sequence[int]]) -> tuple[Array, Array]:
    """Sequences of ids -> (B, S) int64, PAD (0) beyond each one's end, and the mask (B, S) bool."""
    lengths = np.array([len(s) for s in sequences])
    ids = np.zeros((len(sequences), int(lengths.max())), np.int64)
    for row, sequence in zip(ids, sequences, strict=True):
        row[: len(sequence)] = sequence
    return ids, np.arange(ids.shape[1]) < lengths[:, None]
