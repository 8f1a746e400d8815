import pytest
import torch
from conftest import tiny
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp_gru.backbone.batch import collate, length_mask
from nlp_gru.backbone.encoder import Encoder
from nlp_gru.backbone.gru import Recurrent, run_slowly
from nlp_gru.backbone.pooling import Pooling
from nlp_gru.backbone.recurrence import recurrence


@pytest.mark.parametrize("reverse", [False, True])
def test_equations_equal_the_fused_gru(reverse):
    """Values and gradients, in float64."""
    torch.manual_seed(0)
    gru = torch.nn.GRU(5, 7, batch_first=True, bidirectional=True).double()
    x = torch.randn(3, 11, 5, dtype=torch.float64, requires_grad=True)
    fused = gru(x)[0][..., 7:] if reverse else gru(x)[0][..., :7]
    slow = run_slowly(gru, x, reverse).hidden
    torch.testing.assert_close(slow, fused, rtol=0, atol=1e-12)
    wanted = [p for n, p in gru.named_parameters() if n.endswith("_reverse") == reverse] + [x]
    direction = torch.randn_like(fused)
    for a, b in zip(
        torch.autograd.grad((slow * direction).sum(), wanted),
        torch.autograd.grad((fused * direction).sum(), wanted),
        strict=True,
    ):
        torch.testing.assert_close(a, b, rtol=0, atol=1e-11)


@pytest.mark.parametrize("reverse", [False, True])
def test_the_recurrence_for_training_equals_the_fused_gru(reverse):
    """Values and gradients, also those of the first state and through the last, in float64."""
    torch.manual_seed(0)
    gru = torch.nn.GRU(5, 7, batch_first=True, bidirectional=True).double()
    x, h0 = (torch.randn(*size, dtype=torch.float64, requires_grad=True) for size in ((3, 11, 5), (3, 7)))
    y, last = recurrence(gru, x, h0, reverse)
    wanted = [p for n, p in gru.named_parameters() if n.endswith("_reverse") == reverse] + [x, h0]
    turned = x.flip(1) if reverse else x
    fused, ends = gru(turned, torch.stack([h0, h0]))
    fused, end = (fused[..., 7:].flip(1), ends[1]) if reverse else (fused[..., :7], ends[0])
    torch.testing.assert_close(y, fused, rtol=0, atol=1e-12)
    torch.testing.assert_close(last, end, rtol=0, atol=1e-12)
    a, b = torch.randn_like(y), torch.randn_like(last)
    ours, theirs = (torch.autograd.grad((u * a).sum() + (v * b).sum(), wanted) for u, v in ((y, last), (fused, end)))
    for one, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=1e-11)


def test_the_recurrence_in_bf16_is_near_that_in_float32():
    torch.manual_seed(0)
    gru, x = torch.nn.GRU(8, 16, batch_first=True), torch.randn(4, 30, 8)
    exact, _ = recurrence(gru, x)
    with torch.autocast("cpu", torch.bfloat16):
        rounded, _ = recurrence(gru, x)
    assert rounded.dtype == torch.bfloat16 and (exact - rounded).abs().max() < 0.03
    exact_grad, rounded_grad = (
        torch.autograd.grad(y.float().square().sum(), gru.weight_hh_l0)[0] for y in (exact, rounded)
    )
    assert (exact_grad - rounded_grad).norm() < 0.03 * exact_grad.norm()


def test_update_gate_near_one_keeps_the_past():
    gru = torch.nn.GRU(2, 3, batch_first=True)
    with torch.no_grad():
        gru.bias_ih_l0[3:6] = 50.0  # z
    gates = run_slowly(gru, torch.randn(1, 6, 2))
    assert gates.update.min() > 0.999 and gates.hidden.abs().max() < 1e-6


@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=5),
    st.sampled_from(["gru", "lstm", "rnn"]),
    st.integers(0, 3),
    st.booleans(),
    st.sampled_from([0, 1, 4]),
    st.booleans(),
)
@settings(deadline=None, max_examples=100)
def test_padding_is_invisible(lengths, cell, extra, bidirectional, window, training):
    """A row in a padded batch gives what it gives alone, in every layer and both directions."""
    torch.manual_seed(1)
    config = tiny(cell=cell, layers=2, layer_norm=True, conv_width=3, bidirectional=bidirectional, window=window)
    encoder = Encoder(config, 100).eval()
    rows = [torch.randint(4, 100, (n,)) for n in lengths]
    batch = collate([r.tolist() for r in rows])
    ids = torch.nn.functional.pad(batch.ids, (0, extra))
    with torch.set_grad_enabled(training):  # training on a CPU has a recurrence of its own
        together = encoder(ids, batch.lengths)
    assert together[~length_mask(batch.lengths, ids.shape[1])].abs().sum() == 0
    for i, row in enumerate(rows):
        alone = encoder(row[None], torch.tensor([len(row)]))
        torch.testing.assert_close(together[i, : len(row)], alone[0], rtol=0, atol=1e-5)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=5))
@settings(deadline=None, max_examples=30)
def test_pooling_ignores_padding(lengths):
    torch.manual_seed(2)
    pooling, size = Pooling(6, 4), max(lengths)
    states, embedded = torch.randn(len(lengths), size, 6), torch.randn(len(lengths), size, 4)
    mask = length_mask(torch.tensor(lengths), size)
    pooled, attention = pooling(states, embedded, mask)
    torch.testing.assert_close(attention.sum(1), torch.ones(len(lengths)))
    assert attention[~mask].abs().sum() == 0
    for i, n in enumerate(lengths):
        alone, _ = pooling(states[i : i + 1, :n], embedded[i : i + 1, :n], mask[i : i + 1, :n])
        torch.testing.assert_close(pooled[i], alone[0])


def test_windows_are_read_each_for_itself():
    encoder = Encoder(tiny(window=4), 100).eval()
    ids = torch.randint(4, 100, (1, 10))
    whole = encoder(ids, torch.tensor([10]))
    for start in (0, 4, 8):
        part = ids[:, start : start + 4]
        alone = encoder(part, torch.tensor([part.shape[1]]))
        torch.testing.assert_close(whole[:, start : start + 4], alone)


def test_unidirectional_encoder_is_causal():
    encoder = Encoder(tiny(bidirectional=False, layers=2), 100).eval()
    a = torch.randint(4, 100, (2, 12))
    b = a.clone()
    b[:, 7:] = torch.randint(4, 100, (2, 5))
    lengths = torch.tensor([12, 12])
    assert torch.equal(encoder(a, lengths)[:, :7], encoder(b, lengths)[:, :7])


@pytest.mark.parametrize("setting", ["embedding_dropout", "dropout"])
def test_dropout_is_the_same_at_all_steps(setting):
    encoder = Encoder(tiny(**{setting: 0.5}), 100).train()
    encoder.layers[0] = torch.nn.Identity() if setting == "embedding_dropout" else encoder.layers[0]
    if setting == "embedding_dropout":
        out = encoder.embedding(torch.full((4, 9), 7))
    else:
        out = encoder(torch.randint(4, 100, (4, 9)), torch.full((4,), 9))
    dropped = out == 0  # (B, S, D)
    assert 0.2 < dropped.float().mean() < 0.8
    assert torch.equal(dropped.all(1), dropped.any(1))


def test_word_dropout_drops_whole_words():
    encoder = Encoder(tiny(word_dropout=0.5), 100).train()
    dropped = encoder.embedding(torch.full((8, 40), 7)) == 0
    assert torch.equal(dropped.all(-1), dropped.any(-1)) and 0.3 < dropped.float().mean() < 0.7


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"layers": 3},
        {"bidirectional": False},
        {"cell": "lstm"},
        {"cell": "rnn"},
        {"layer_norm": True},
        {"conv_width": 5},
        {"window": 4},
    ],
)
def test_every_option_trains_every_parameter(settings):
    encoder = Encoder(tiny(**settings), 100).train()
    encoder(torch.randint(1, 100, (6, 9)), torch.tensor([9, 9, 7, 5, 2, 1])).square().sum().backward()
    for name, parameter in encoder.named_parameters():
        assert parameter.grad is not None and torch.isfinite(parameter.grad).all() and parameter.grad.any(), name


def test_a_naive_reverse_pass_would_be_wrong():
    """Why packing is there: without it, padding moves the reverse states of real words."""
    torch.manual_seed(0)
    layer, x = Recurrent(4, 6, "gru", True).requires_grad_(False), torch.zeros(1, 5, 4)
    x[:, :3] = torch.randn(1, 3, 4)
    packed, naive = layer(x, torch.tensor([3])), layer.rnn(x)[0]
    assert (packed[:, :3] - naive[:, :3]).abs().max() > 0.01
