from hypothesis import given
from hypothesis import strategies as st

from nlp_gru.backbone.batch import bucket, chunks, collate, frame, length_mask
from nlp_gru.text.tokenizer import BOS, EOS, PAD


@given(st.lists(st.integers(2, 60), max_size=80), st.integers(1, 200), st.none() | st.integers(0, 5))
def test_buckets_hold_every_row_once_within_the_budget(lengths, budget, seed):
    sizes = [(n, 70 - n) for n in lengths]
    batches = bucket(sizes, budget, seed)
    assert sorted(i for b in batches for i in b) == list(range(len(lengths)))
    for b in batches:
        assert len(b) == 1 or len(b) * max(lengths[b[0]], 70 - lengths[b[0]]) <= budget
        assert sizes[b[0]] == max(sizes[i] for i in b)
    assert batches == bucket(sizes, budget, seed)


def test_seeds_differ():
    sizes = [(5,)] * 50
    assert bucket(sizes, 20, 1) != bucket(sizes, 20, 2)


@given(st.lists(st.integers(8, 99), max_size=40), st.integers(2, 20))
def test_frame_keeps_start_and_end(ids, size):
    framed = frame(ids, size)
    assert framed[0] == BOS and framed[-1] == EOS and len(framed) == min(len(ids) + 2, size)
    inner, kept = framed[1:-1], len(framed) - 2
    assert inner == ids[: kept - kept // 2] + ids[len(ids) - kept // 2 :]


@given(st.lists(st.integers(0, 9), min_size=2, max_size=50), st.integers(2, 12))
def test_chunks_predict_every_token_once(sequence, size):
    parts = list(chunks(sequence, size))
    assert [t for p in parts for t in p[1:]] == sequence[1:]
    assert all(2 <= len(p) <= size for p in parts)


def test_collate_pads_and_masks():
    batch = collate([[2, 9, 3], [2, 3]], [1, 0])
    assert batch.ids.tolist() == [[2, 9, 3], [2, 3, PAD]]
    assert batch.lengths.tolist() == [3, 2] and batch.labels.tolist() == [1, 0]
    assert batch.mask.tolist() == length_mask(batch.lengths, 3).tolist() == [[True] * 3, [True, True, False]]
