"""Classes of texts: see `nlp_gru.heads.sentiment`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from nlp_gru.arrays import Array
from nlp_gru.model_folder.options import ModelConfig, SentimentOptions
from nlp_gru.onnx_engine.encoder import encode
from nlp_gru.onnx_engine.graph import FLOAT, Graph
from nlp_gru.onnx_engine.model import OnnxModel
from nlp_gru.onnx_engine.ngrams import ngram_logits
from nlp_gru.onnx_engine.pooling import Texts, pooled
from nlp_gru.onnx_engine.session import Session, padded
from nlp_gru.onnx_engine.weights import Weights
from nlp_gru.text.batching import bucket, clip, frame
from nlp_gru.text.tokenizer import Tokenizer

FINE = ("pooling.", "dense.", "classifier.")


class OnnxSentiment(OnnxModel):
    """What `nlp_gru.heads.sentiment.SentimentHead` computes of a text, uncertainties of int8 apart."""

    options: SentimentOptions

    def __init__(
        self, config: ModelConfig, options: SentimentOptions, tokenizer: Tokenizer, weights: Weights, threads: int
    ):
        super().__init__(config, options, tokenizer, weights, threads)
        self.graphs = {"classifier": _classifier(config, options, tokenizer, weights)}

    @cached_property
    def _session(self) -> Session:
        return self.open("classifier")

    def probabilities(self, texts: Sequence[str], batch_tokens: int = 4096) -> Array:
        """Return the calibrated probabilities (N, C). Of a text beyond `max_length` tokens, start and end are read."""
        framed = [frame(ids, self.options.max_length) for ids in self.tokenizer.encode_batch(map(clip, texts))]
        found = np.zeros((len(framed), len(self.options.labels)))
        for indices in bucket([(len(f),) for f in framed], batch_tokens):
            ids, mask = padded([framed[i] for i in indices])
            (found[indices],) = self._session(ids=ids, mask=mask)
        return found


def _classifier(config: ModelConfig, options: SentimentOptions, tokenizer: Tokenizer, weights: Weights) -> Graph:
    """ids, mask (B, S) -> probabilities (B, C)."""
    graph, classes = Graph(weights, FINE), len(options.labels)
    texts = Texts(graph, config.window)
    x = graph.embedding(texts.ids, "encoder.embedding.weight", (len(tokenizer), config.embedding), tied=False)
    states = encode(graph, x, texts.mask, config, low=True)[0]
    size = config.hidden * (2 if config.bidirectional else 1)
    pool = pooled(texts, states, x, size)
    dense = graph.add("Relu", graph.linear(pool, "dense", options.dense, 3 * size + config.embedding))
    logits = graph.linear(dense, "classifier", classes, options.dense)
    ngrams = ""
    if options.ngrams:
        ngrams = ngram_logits(graph, texts.all_ids, texts.all_mask, tokenizer, classes, options.ngrams)
    graph.output("probabilities", _blended(graph, logits, ngrams, texts.lengths, options), FLOAT, ("B", classes))
    return graph


def _blended(graph: Graph, gru: str, ngrams: str, lengths: str, options: SentimentOptions) -> str:
    """Logits (B, C) of both, lengths (B, 1) -> probabilities (B, C): see `nlp_gru.heads.classification.blend`."""
    a, b, c, d = options.blend

    def line(start: float, slope: float) -> str:
        own = graph.add("Mul", of_length, graph.constant(f"slope_{slope}", np.float32(slope)))
        return str(graph.add("Add", own, graph.constant(f"start_{start}", np.float32(start))))

    of_length = graph.add("Log", graph.add("Div", lengths, graph.constant("usual_length", np.float32(32))))
    logits = graph.add("Mul", graph.add("Exp", line(a, b)), gru)
    if ngrams and (c or d):
        logits = graph.add("Add", logits, graph.add("Mul", graph.add("Relu", line(c, d)), ngrams))
    return str(graph.add("Softmax", logits, axis=-1))
