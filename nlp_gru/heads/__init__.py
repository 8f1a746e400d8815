"""The heads by name. A new head is one file here and one line below (see CONTRIBUTING.md)."""

from nlp_gru.heads.base import Base
from nlp_gru.heads.chat import ChatHead
from nlp_gru.heads.head import Head
from nlp_gru.heads.next_word import NextWord
from nlp_gru.heads.sentiment import SentimentHead
from nlp_gru.heads.similarity import SimilarityHead
from nlp_gru.heads.translation import TranslationHead

HEADS: dict[str, type[Head]] = {
    "base": Base,
    "similarity": SimilarityHead,
    "sentiment": SentimentHead,
    "next_word": NextWord,
    "translation": TranslationHead,
    "chat": ChatHead,
}
