"""The mean of two models' weights: often better than either, where the one went on from the other.

After Wortsman et al. 2022 (https://arxiv.org/abs/2109.01903): what was learned anew stays for the most part, and so
does what was known before; what only the one has learned by heart fades.
"""

from __future__ import annotations

import torch

from nlp_gru.errors import UserError
from nlp_gru.heads.head import Head


@torch.no_grad()
def average(first: Head, second: Head, share: float = 0.5) -> Head:
    """`first`, changed in place: each weight is `share` (0 to 1) of the second's and the rest of its own.

    Raises `UserError` for models of another head, shape, vocabulary or options: their weights do not mean the same.
    """
    for what, a, b in (
        ("heads", type(first), type(second)),
        ("options", first.options, second.options),
        ("vocabularies", first.tokenizer.backend.get_vocab(), second.tokenizer.backend.get_vocab()),
    ):
        if a != b:
            raise UserError(f"the two models' {what} differ, so their weights have no mean")
    own, other = first.state_dict(), second.state_dict()
    if {k: v.shape for k, v in own.items()} != {k: v.shape for k, v in other.items()}:
        raise UserError("the two models' shapes differ, so their weights have no mean")
    for name, value in own.items():
        if value.is_floating_point():
            value.lerp_(other[name], share)
        elif not torch.equal(value, other[name]):
            raise UserError(f"the two models' {name} differ, so their weights have no mean")
    return first
