"""Codes of the domain put into the reader's words. Korean is the source language of the catalogue of translations."""

from marketplace.wording.names import industry_name, name, own_words, term_name
from marketplace.wording.problems import finding, place, problem, refusal

__all__ = ["finding", "industry_name", "name", "own_words", "place", "problem", "refusal", "term_name"]
