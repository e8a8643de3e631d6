"""Score any collection of texts and queries with the product's analyser and BM25, for judgement from outside.

docs/search.md, "Relevance by command".
"""
