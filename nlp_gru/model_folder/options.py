"""The shape of the shared layers and the options of each head, as config.json and recipes hold them; strictly
checked."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from nlp_gru.errors import MAX_NEGATIVES, UserError, shortened

T = TypeVar("T", bound=BaseModel)
MAX_BLEND = 10.0
MAX_READY = 3000
Weight = Annotated[float, Field(ge=-MAX_BLEND, le=MAX_BLEND)]
Finite = Annotated[float, Field(ge=-1e3, le=1e3)]
Negatives = Annotated[int, Field(ge=0, le=MAX_NEGATIVES, description="random tokens in the softmax beside the batch's")]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class ModelConfig(Strict):
    """The shape of the shared layers. E = embedding, H = hidden, L = layers."""

    embedding: int = Field(256, ge=1, le=4096, description="E, width of the embedding shared by all heads")
    hidden: int = Field(384, ge=1, le=4096, description="H, width of one direction of the recurrent layers")
    layers: int = Field(1, ge=1, le=8)
    cell: Literal["gru", "lstm", "rnn"] = "gru"
    bidirectional: bool = True
    layer_norm: bool = Field(False, description="normalise the output of every recurrent layer")
    conv_width: Literal[0, 3, 5, 7] = Field(0, description="width of a convolution before the first layer; 0: none")
    window: int = Field(0, ge=0, le=100_000, description="tokens read in one go, side by side; 0: the whole text")
    embedding_dropout: float = Field(0.0, ge=0, lt=1, description="share of an input's features, one mask over time")
    dropout: float = Field(0.0, ge=0, lt=1, description="the same after every recurrent layer")
    word_dropout: float = Field(0.0, ge=0, lt=1, description="share of tokens whose whole vector is dropped")


class SimilarityOptions(Strict):
    dimensions: int = Field(384, ge=1, le=4096, description="D, values of a vector")
    attention_heads: int = Field(
        0,
        ge=0,
        le=64,
        description="parts of the states, each averaged by attention weights of its own; 0: a plain mean",
    )
    vectors: list[str] = Field(default_factory=list, description="folders of the teacher's vectors, in their order")
    rank_weight: float = Field(
        0.3, ge=0, le=1000, description="what finding the right vector counts beside lying near it"
    )
    temperature: float = Field(
        0.05, ge=0.001, le=10, description="divides the cosines among which the right one is to be found"
    )


class BaseOptions(SimilarityOptions):
    decoder_hidden: int = Field(768, ge=1, le=4096, description="width of the decoder; [model] hidden is the encoder's")
    meaning_weight: float = Field(
        10.0, ge=0, le=1000, description="what a sentence's vector counts in training, in tokens"
    )
    negatives: Negatives = 1024


class NextWordOptions(Strict):
    negatives: Negatives = 1024


class TranslationOptions(Strict):
    source: str = Field("en", description="language translated from, as an ISO 639-1 code: how sentences are split")
    target: str = Field("fr", description="language translated to")
    vocabulary: Literal["shared", "auto", "new", "characters"] = Field(
        "shared", description="new: learned from the training pairs; auto: new where the shared one spells them out"
    )
    vocab_size: int = Field(8000, ge=300, le=64_000, description="tokens of a new vocabulary")
    negatives: Negatives = 1024
    label_smoothing: float = Field(0.1, ge=0, lt=0.5)
    known_words: int = Field(
        0,
        ge=0,
        le=1 << 20,
        description="words remembered, so that a capitalised other one is kept as a name; 0: none is",
    )
    copied_names: float = Field(0.4, ge=0, le=1, description="share of names, equal in both texts, learned as marks")
    coverage: float = Field(
        0.1,
        ge=0,
        le=10,
        description="what leaving out parts of the source counts beside the probability; chosen on valid pairs",
    )
    confidence: tuple[Finite, Finite, Finite] = Field(
        (-1.1, 6.8, 1.3), description="see nlp_gru.tools.translation.confidence; fitted after training"
    )


class ChatOptions(Strict):
    context_turns: int = Field(4, ge=1, le=100, description="turns that a reply may depend on: the last ones")
    context_tokens: int = Field(64, ge=4, le=1000, description="tokens of them, at most; the last ones")
    learned: Literal["all", "second"] = Field(
        "all", description='whose turns are learned: "second" for those of the one who did not begin alone'
    )
    repeats: int = Field(
        300, ge=1, le=1_000_000_000, description="a reply that the training files give more often is learned so often"
    )
    match_size: int = Field(
        256, ge=1, le=4096, description="width of the space in which context and reply are compared"
    )
    ready_file: str = Field("", description="a file of questions and answers that fills `ready`")
    ready: list[tuple[str, str]] = Field(
        default_factory=list, max_length=MAX_READY, description="what is said where a turn is like a question"
    )
    match_weight: float = Field(3.0, ge=0, le=1000, description="what finding a reply counts in training, in tokens")
    negatives: Negatives = 1024


class SentimentOptions(Strict):
    labels: list[str] = Field(default_factory=list, description="empty: the labels found in the training files")
    max_length: int = Field(1000, ge=3, le=10_000, description="tokens read of a text when predicting")
    dense: int = Field(128, ge=1, le=4096, description="width of the layer between pooling and classes")
    dropout: float = Field(0.3, ge=0, lt=1, description="before that layer and after it")
    adversarial: float = Field(0.0, ge=0, lt=1, description="worst-case step, relative to the embeddings; 0: off")
    label_smoothing: float = Field(0.0, ge=0, lt=0.5)
    rare_share: float = Field(
        0.1, ge=0, lt=0.5, description="a label with fewer of the rows weighs in training as if it had so many; 0: off"
    )
    ngrams: int = Field(0, ge=0, le=5_000_000, description="n-grams weighed beside the GRU; 0: none")
    ngram_strength: float = Field(0.2, gt=0, le=1e6, description="inverse of the L2 penalty on those weights")
    blend: tuple[Weight, Weight, Weight, Weight] = Field(
        (0.0, 0.0, 0.0, 0.0),
        description="see nlp_gru.heads.classification.blend; fitted on the valid rows after training",
    )

    @field_validator("labels")
    @classmethod
    def _each_once(cls, labels: list[str]) -> list[str]:
        if len(set(labels)) < len(labels):
            raise ValueError("a label stands there twice")
        return labels


class FaqOptions(Strict):
    refusal: str = Field("Sorry, I can't answer that.", description="what is said where no answer fits")
    threshold: float = Field(0.5, ge=0, le=1, description="the fit from which a question is answered")
    small_talk: bool = Field(False, description="where no answer fits, the bundled chat model replies instead")


def validate(kind: type[T], values: Any, where: str) -> T:
    """`values` as a `kind`, or a `UserError` that names the first wrong key."""
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        raise UserError(f"{where}: {complaint(kind, error)}") from None


def complaint(kind: type[BaseModel], error: ValidationError) -> str:
    """The first thing that is wrong, in one line."""
    first = error.errors(include_url=False)[0]
    key = shortened(".".join(str(part) for part in first["loc"]) or "the file")
    if first["type"] == "extra_forbidden":
        return f"there is no setting {key}{_alternatives(kind, first['loc'])}"
    return f"{key} is wrong: {first['msg']}, but it is {shortened(first['input'])}"


def _alternatives(kind: type[BaseModel], loc: tuple[int | str, ...]) -> str:
    import difflib

    if len(str(loc[-1])) > 100:
        return ""
    for part in loc[:-1]:
        annotation = kind.model_fields[str(part)].annotation
        if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
            return ""
        kind = annotation
    close = difflib.get_close_matches(str(loc[-1]), kind.model_fields, n=1)
    return f"; did you mean '{close[0]}'?" if close else f"; known here: {', '.join(kind.model_fields)}"
