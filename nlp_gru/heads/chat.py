"""The chat head: the last turns of a dialogue in, the next turn out; and how well a given turn would follow.

The encoder reads the turns joined by a turn token, which no typed text yields; the decoder writes the reply, and
exactly the reply's tokens and its end are supervised. Beside it stands a dual encoder (Henderson et al. 2017,
https://arxiv.org/abs/1705.00652): the same encoder reads context and reply apart, and two projections bring those near
each other that belong together, against the other replies of the batch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from nlp_gru.arrays import Array
from nlp_gru.backbone.batch import Batch, collate
from nlp_gru.backbone.softmax import SampledSoftmax
from nlp_gru.data_files.rows import Rows, read
from nlp_gru.errors import RowError
from nlp_gru.heads.head import Head
from nlp_gru.heads.seq2seq import Pair, Seq2Seq, mean
from nlp_gru.model_folder.options import ChatOptions, ModelConfig, validate
from nlp_gru.text.casing import letters
from nlp_gru.text.tokenizer import BOS, EOS, PAD, SPECIAL, Tokenizer

TURN = SPECIAL.index("<turn>")
CHOICES = 20  # a reply is to be found among so many in `metrics`


class ChatHead(Seq2Seq):
    Options = ChatOptions
    columns = ("turns",)
    options: ChatOptions

    def __init__(self, config: ModelConfig, options: ChatOptions, tokenizer: Tokenizer):
        super().__init__(config, options, tokenizer)
        size = self.encoder.output_size
        # The decoder begins with the very summary that replies are matched against: a third of the weights, too.
        self.bridge = nn.Sequential(  # type: ignore[assignment]
            nn.Linear(size, options.match_size), nn.Linear(options.match_size, config.layers * size)
        )
        self.reply_map = nn.Linear(size, options.match_size)
        self.sharpness = nn.Parameter(torch.tensor(2.5))  # log of the factor on cosines

    @classmethod
    def resolve_options(cls, options: Any, rows: Rows) -> ChatOptions:
        """Options with the questions and answers of the file they name."""
        if not options.ready_file:
            return ChatOptions(**options.model_dump())
        file = read([options.ready_file], ["question", "answer"])
        ready = list(zip(file["question"], file["answer"], strict=True))
        return validate(ChatOptions, {**options.model_dump(), "ready": ready}, options.ready_file)

    def init_from(self, other: Head) -> list[str]:
        """The ready answers of another chat model stay, unless the recipe names its own."""
        if isinstance(other, ChatHead) and not self.options.ready:
            self.options = self.options.model_copy(update={"ready": other.options.ready})
        return super().init_from(other)

    def join(self, turns: Sequence[Sequence[int]]) -> list[int]:
        """The last turns' tokens as one source that ends with EOS; of what is too long, the end is kept."""
        ids: list[int] = []
        for turn in turns[-self.options.context_turns :]:
            ids += [*([TURN] if ids else []), *turn]
        return [*ids[-self.options.context_tokens :], EOS]

    def examples(self, rows: Rows, max_length: int) -> list[Pair]:
        """Every turn but a dialogue's first, or every second one (`learned`), after the turns before it; those longer
        than `max_length` tokens are left out.

        Raises `RowError` for a row that is no list of at least two texts.
        """
        dialogues: list[list[str]] = []
        for i, turns in enumerate(rows["turns"]):
            if isinstance(turns, str) or len(turns) < 2 or not all(isinstance(t, str) and t.strip() for t in turns):
                raise RowError(i, "'turns' is not a list of at least two texts")
            dialogues.append([t.strip() for t in turns])
        encoded = iter(self.tokenizer.encode_batch(turn for turns in dialogues for turn in turns))
        seen: Counter[str] = Counter()
        pairs = []
        for turns in dialogues:
            ids = [next(encoded) for _ in turns]
            for i in range(1, len(ids), 2 if self.options.learned == "second" else 1):
                key = letters(turns[i])
                seen[key] += 1
                if seen[key] <= self.options.repeats and len(ids[i]) + 2 <= max_length:
                    source = np.array(self.join(ids[:i]), dtype=np.int32)
                    pairs.append(Pair(source, np.array([BOS, *ids[i], EOS], dtype=np.int32)))
        return pairs

    def summary(self, states: Tensor, lengths: Tensor) -> Tensor:
        """The encoder's states (B, S, M) of contexts, lengths (B,) -> their places (B, match_size)."""
        return place(self.bridge.get_submodule("0")(mean(states, lengths)))

    def loss(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """The reply's nll, and that of the right reply among all of the batch, which counts as `match_weight`
        tokens."""
        assert batch.source is not None and batch.source_lengths is not None
        softmax = SampledSoftmax(batch, self.frequency, self.options.negatives)
        states = self.states(batch.source, batch.source_lengths)
        nll, n = self.nll(softmax, self.decoded(batch, softmax.columns, *self.begin(states, batch.source_lengths)))
        contexts = self.summary(states, batch.source_lengths)
        scores = contexts @ self.replies(batch).T * self.sharpness.exp()  # (B, B)
        same = (batch.ids[:, None] == batch.ids[None]).all(-1)  # a reply that several rows share is right for each
        same.fill_diagonal_(False)
        right = torch.arange(len(scores), device=scores.device)
        match = F.cross_entropy(scores.masked_fill(same, -torch.inf), right, reduction="sum")
        return nll + self.options.match_weight * match, n

    def replies(self, batch: Batch) -> Tensor:
        """The batch's targets (B, T), read as sources are, without BOS -> their places (B, match_size)."""
        lengths = batch.lengths - 1
        return place(self.reply_map(mean(self.states(batch.ids[:, 1:], lengths), lengths)))

    @torch.no_grad()
    def metrics(self, batches: Sequence[Batch]) -> dict[str, float]:
        """Cross-entropy and perplexity per token of the replies, and how often the right reply has the highest score
        among 20, of which 19 are other rows' (the same ones at every call)."""
        contexts, replies = [], []
        for batch in batches:
            assert batch.source is not None and batch.source_lengths is not None
            states = self.states(batch.source, batch.source_lengths)
            contexts.append(self.summary(states, batch.source_lengths))
            replies.append(self.replies(batch))
        return {**super().metrics(batches), "hits_at_1": hits(torch.cat(contexts), torch.cat(replies))}

    @torch.inference_mode()
    def match(self, context: Sequence[int], replies: Sequence[Sequence[int]]) -> Array:
        """How well each reply (ids) follows a context (`join`): cosines (N,)."""
        framed = collate([[BOS, *reply, EOS] for reply in replies])
        return self.replies(framed).numpy() @ self.places([context])[0]

    @torch.inference_mode()
    def places(self, contexts: Sequence[Sequence[int]]) -> Array:
        """Contexts (`join`) -> where they lie among each other and among replies (N, match_size), on the unit
        sphere."""
        batch = collate(contexts)
        return self.summary(self.states(batch.ids, batch.lengths), batch.lengths).numpy()

    @torch.inference_mode()
    def log_p(self, context: Sequence[int], replies: Sequence[Sequence[int]]) -> Array:
        """The log-probability of each reply (ids) and its end after a context (`join`): (N,)."""
        batch = collate([[BOS, *reply, EOS] for reply in replies])
        reading = self.read([context], len(replies))
        out, _ = self.decoder(batch.ids[:, :-1], reading.state, reading.memory)
        nll = F.cross_entropy(
            self.decoder.logits(out).transpose(1, 2), batch.ids[:, 1:], reduction="none", ignore_index=PAD
        )
        return -nll.sum(1).numpy()


def place(mapped: Tensor) -> Tensor:
    """(B, D) -> on the unit sphere, in float32."""
    return F.normalize(mapped.float(), dim=-1)


def hits(contexts: Tensor, replies: Tensor, choices: int = CHOICES) -> float:
    """contexts, replies (N, D), matching by row: the share of rows that score higher than `choices` - 1 random
    others."""
    n = len(contexts)
    others = torch.randint(1, max(n, 2), (n, choices - 1), generator=torch.Generator().manual_seed(0))
    others = (torch.arange(n)[:, None] + others) % n  # (N, choices - 1), never the row itself
    right = (contexts * replies).sum(-1, keepdim=True)
    wrong = torch.stack([(contexts * replies[o]).sum(-1) for o in others.T], dim=1)
    return float((right > wrong).all(1).float().mean())
