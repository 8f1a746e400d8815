"""The shared layers as ONNX graphs: the counterpart of `nlp_gru.backbone`, which says what they compute and why.

Matrices are int8 with a scale for each row, as in the model folder; what is multiplied with them is quantised on the
way, in blocks of each vector with a scale of their own (ONNX Runtime's MatMulNBits), so that no row of a batch changes
another. Against one scale for the whole array (DynamicQuantizeMatMul) the error is a half to a tenth, in the same time.
All else is float32.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nlp_gru.arrays import Array
from nlp_gru.model_folder.weights import widened
from nlp_gru.onnx_engine import proto
from nlp_gru.onnx_engine.proto import BOOL, FLOAT, INT32, INT64, Dims, Outside
from nlp_gru.onnx_engine.weights import Weights

CONTRIBUTED = "com.microsoft"
BLOCK = 64
__all__ = ["BOOL", "FLOAT", "INT32", "INT64", "Graph"]


@dataclass
class Shared:
    """What a graph has in common with the bodies of its loops: constants by name, and the number of nodes so far."""

    tensors: dict[str, Array] = field(default_factory=dict)
    narrow: dict[str, tuple[Array, Array]] = field(default_factory=dict)  # int8, and scales to multiply with
    nodes: int = 0


class Graph:
    """Collects nodes; every method that adds some takes and returns names of values.

    fine: what the names of those weights begin with whose products stay in float32; where the model is small it costs
    little, and every error there reaches all that follows.
    """

    def __init__(self, weights: Weights, fine: tuple[str, ...] = (), parent: Graph | None = None):
        self.weights, self.fine = weights, fine
        self.shared: Shared = Shared() if parent is None else parent.shared
        self._nodes: list[bytes] = []
        self._inputs: list[bytes] = []
        self._outputs: list[bytes] = []

    def input(self, name: str, kind: int, dims: Dims) -> str:
        self._inputs.append(proto.value_info(name, kind, dims))
        return name

    def output(self, name: str, value: str, kind: int, dims: Dims) -> None:
        self._nodes.append(proto.node("Identity", [value], [name], {}))
        self._outputs.append(proto.value_info(name, kind, dims))

    def constant(self, name: str, value: Any) -> str:
        """An array by a name of its own; kept once for the whole model."""
        if name not in self.shared.tensors:
            self.shared.tensors[name] = np.asarray(value)
        return name

    def ints(self, *values: int) -> str:
        return self.constant("ints_" + "_".join(map(str, values)), np.array(values, np.int64))

    def as_float(self, value: str) -> str:
        return str(self.add("Cast", value, to=FLOAT))

    def add(self, op: str, *inputs: str, count: int = 1, domain: str = "", **attributes: Any) -> Any:
        """One node's output, or a list of `count` of them."""
        self.shared.nodes += 1
        outputs = [f"{op}_{self.shared.nodes}_{i}" for i in range(count)]
        self._nodes.append(proto.node(op, inputs, outputs, attributes, domain))
        return outputs[0] if count == 1 else outputs

    def proto(self, name: str) -> bytes:
        """A GraphProto: a model's, or a loop's body, without the constants."""
        return proto.graph(name, self._nodes, self._inputs, self._outputs)

    def model(self, narrow: bool = False, outside: Outside | None = None) -> bytes:
        """An ONNX file. narrow: what is stored in int8 and computed with in float32 stays int8 in the file, and is
        widened when that is loaded. outside: what takes the large constants, which then stand in a file of their own
        beside it."""
        if not narrow:
            tensors = self.shared.tensors | {key: value * scale for key, (value, scale) in self.shared.narrow.items()}
            return proto.model(self.proto("nlp_gru"), tensors, outside)
        before, tensors = [], dict(self.shared.tensors)
        for key, (value, scale) in self.shared.narrow.items():
            tensors |= {f"{key}.int8": value, f"{key}.scale": scale}
            before.append(proto.node("Cast", [f"{key}.int8"], [f"{key}.wide"], {"to": FLOAT}))
            before.append(proto.node("Mul", [f"{key}.wide", f"{key}.scale"], [key], {}))
        return proto.model(
            proto.graph("nlp_gru", [*before, *self._nodes], self._inputs, self._outputs), tensors, outside
        )

    def _wide(self, key: str, parts: Sequence[tuple[Array, Array | None]], transposed: bool = False) -> str:
        """Matrices (O, I), as `Weights.stored` gives them, one below the other (or turned, side by side), in
        float32."""
        if any(scale is None for _, scale in parts):
            rows = np.concatenate([widened(value, scale) for value, scale in parts])
            return self.constant(key, rows.T if transposed else rows)
        value = np.concatenate([value for value, _ in parts])
        scale = np.concatenate([scale for _, scale in parts if scale is not None])[:, None]
        self.shared.narrow[key] = (value.T, scale.T) if transposed else (value, scale)
        return key

    def product(self, x: str, name: str, shape: tuple[int, int], bias: str = "", fine: bool = False) -> str:
        """x (..., I) times the transposed weight `name` of `shape` (O, I) -> (..., O), plus the constant `bias`."""
        if fine or name.startswith(self.fine):
            found = self.add("MatMul", x, self._wide(name, [self.weights.stored(name, "F32", shape)], transposed=True))
            return str(self.add("Add", found, bias) if bias else found)
        packed, by_block = self.weights.packed(name, shape, BLOCK)
        key, scales = self.constant(f"{name}.blocks", packed), self.constant(f"{name}.scales", by_block)
        inputs = [x, key, scales, *(["", "", bias] if bias else [])]
        sizes = {"N": shape[0], "K": shape[1], "bits": 8, "block_size": BLOCK, "accuracy_level": 4}
        return str(self.add("MatMulNBits", *inputs, domain=CONTRIBUTED, **sizes))

    def linear(self, x: str, name: str, outputs: int, inputs: int, bias: bool = True, fine: bool = False) -> str:
        """torch's nn.Linear of that name: x (..., I) -> (..., O); fine: in float32."""
        constant = self.constant(f"{name}.bias", self.weights.vector(f"{name}.bias", outputs)) if bias else ""
        return self.product(x, f"{name}.weight", (outputs, inputs), constant, fine)

    def unit(self, vectors: str) -> str:
        """vectors (..., D) at length 1; zeros stay zeros."""
        length = self.add("ReduceL2", vectors, self.ints(-1))
        return str(self.add("Div", vectors, self.add("Max", length, self.constant("least", np.float32(1e-12)))))

    def embedding(self, ids: str, name: str, shape: tuple[int, int], tied: bool = True) -> str:
        """ids (...) -> (..., E) of the table `name` (V, E). tied: `logits` multiplies with that table, too."""
        if not tied:
            value, scale = self.weights.matrix(name, shape)
            key, of_row = self.constant(name, value), self.constant(f"{name}.scale", scale[:, None])
            return str(self.add("Mul", self.as_float(self.add("Gather", key, ids)), self.add("Gather", of_row, ids)))
        packed, scales = self.weights.packed(name, shape, BLOCK)
        key, blocks = self.constant(f"{name}.blocks", packed), packed.shape[1]
        rows = self.as_float(self.add("Gather", key, ids))  # (..., blocks, BLOCK)
        first = self.constant(f"{name}.row_scales", scales[::blocks, None, None])
        zero = self.constant("zero_point", np.float32(128))
        wide = self.add("Mul", self.add("Sub", rows, zero), self.add("Gather", first, ids))
        flat = self.add("Reshape", wide, self.add("Concat", self.add("Shape", ids), self.ints(blocks * BLOCK), axis=0))
        if shape[1] == blocks * BLOCK:
            return str(flat)
        return str(self.add("Slice", flat, self.ints(0), self.ints(shape[1]), self.ints(-1)))

    def gru(
        self, x: str, h: str, name: str, sizes: tuple[int, int], mask: str = "", suffix: str = "", padding: str = ""
    ) -> tuple[str, str]:
        """One direction of torch's nn.GRU: x (B, T, I), h (B, H) -> states (B, T, H), zero where `mask` (B, T, 1) is,
        and the last one (B, H). sizes: I and H. Masked steps leave the state as it is, so that the direction with the
        suffix "_reverse", which begins with the padding, comes out of it as it went in."""
        inputs, hidden = sizes
        biases = [self.weights.vector(f"{name}.bias_{which}_l0{suffix}", 3 * hidden) for which in ("ih", "hh")]
        b_ih, b_hh = (
            self.constant(f"{name}.bias_{which}_l0{suffix}", value)
            for which, value in zip(("ih", "hh"), biases, strict=True)
        )
        given = self.product(x, f"{name}.weight_ih_l0{suffix}", (3 * hidden, inputs), b_ih)  # (B, T, 3H)
        split = self.ints(2 * hidden, hidden)
        given_rz, given_n = self.add("Split", given, split, count=2, axis=2)
        body = Graph(self.weights, self.fine, self)
        before = body.input("before", FLOAT, ("B", hidden))
        rz, n = body.input("x_rz", FLOAT, ("B", 2 * hidden)), body.input("x_n", FLOAT, ("B", hidden))
        real = body.input("real", FLOAT, ("B", 1)) if mask else ""
        gap = body.input("gap", FLOAT, ("B", 1)) if padding else ""
        of_h = body.product(before, f"{name}.weight_hh_l0{suffix}", (3 * hidden, hidden), b_hh)
        h_rz, h_n = body.add("Split", of_h, split, count=2, axis=1)
        gates = body.add("Sigmoid", body.add("Add", rz, h_rz))
        r, z = body.add("Split", gates, count=2, axis=1, num_outputs=2)
        candidate = body.add("Tanh", body.add("Add", n, body.add("Mul", r, h_n)))
        after = body.add("Add", candidate, body.add("Mul", z, body.add("Sub", before, candidate)))
        shown = after
        if mask:
            after = body.add("Add", before, body.add("Mul", real, body.add("Sub", after, before)))
            shown = body.add("Add", after, gap) if gap else body.add("Mul", after, real)
        body.output("after", after, FLOAT, ("B", hidden))
        body.output("shown", shown, FLOAT, ("B", hidden))
        sequences = [given_rz, given_n, *(v for v in (mask, padding) if v)]
        last, states = self.add(
            "Scan",
            h,
            *sequences,
            count=2,
            body=body.proto(name + suffix),
            num_scan_inputs=len(sequences),
            scan_input_axes=[1] * len(sequences),
            scan_output_axes=[1],
            scan_input_directions=[int(bool(suffix))] * len(sequences),
            scan_output_directions=[int(bool(suffix))],
        )
        return states, last

    def fine_gru(self, x: str, lengths: str, name: str, sizes: tuple[int, int], suffixes: Sequence[str]) -> str:
        """torch's nn.GRU of that name in float32, as one operator: x (B, T, I) -> (B, T, H * directions), zero at
        padding. lengths: (B,) int32. sizes: I and H."""
        inputs, hidden = sizes
        zrh = np.r_[hidden : 2 * hidden, :hidden, 2 * hidden : 3 * hidden]  # ONNX' order of the gates, of torch's
        stacked = []
        for which, width in (("weight_ih", inputs), ("weight_hh", hidden)):
            stored = [self.weights.stored(f"{name}.{which}_l0{s}", "F32", (3 * hidden, width)) for s in suffixes]
            parts = [(value[zrh], None if scale is None else scale[zrh]) for value, scale in stored]
            wide = self._wide(f"{name}.{which}", parts)
            stacked.append(self.add("Reshape", wide, self.ints(len(suffixes), 3 * hidden, width)))
        biases = [[self.weights.vector(f"{name}.bias_{w}_l0{s}", 3 * hidden) for w in ("ih", "hh")] for s in suffixes]
        bias = self.constant(f"{name}.bias", np.stack([np.concatenate([b[zrh] for b in pair]) for pair in biases]))
        states = self.add(
            "GRU",
            self.add("Transpose", x, perm=[1, 0, 2]),
            *stacked,
            bias,
            lengths,
            hidden_size=hidden,
            linear_before_reset=1,
            direction="bidirectional" if len(suffixes) > 1 else "forward",
        )  # (T, directions, B, H)
        flat = self.ints(0, 0, hidden * len(suffixes))
        return str(self.add("Reshape", self.add("Transpose", states, perm=[2, 0, 1, 3]), flat))

    def logits(self, hidden: str, table: str, shape: tuple[int, int], size: int, offset: str = "") -> str:
        """The decoder's states (..., H) -> (..., V): the projection, then the output layer, which is the table `shape`
        (V, E).

        offset: (V,), which is added to the bias: that is V sums, on the logits it would be N * T * V.
        """
        bias = self.constant("decoder.bias", self.weights.vector("decoder.bias", shape[0]))
        if offset:
            bias = self.add("Add", bias, offset)
        return self.product(self.linear(hidden, "decoder.output", shape[1], size), table, shape, bias)
