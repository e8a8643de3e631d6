"""Judged pairs of demand and listing: frozen data, how good a ranking of them is, and what it is compared with. Pure.

The pairs were written before any weight was tuned; `docs/fit-score.md` shows what they say.
"""
