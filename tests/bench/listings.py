"""Listings and demands to measure with; they live in the product, which measures and compares itself, too."""

from matching.search.synthetic import ANALYSER, TODAY, Market, listing_id

__all__ = ["ANALYSER", "TODAY", "Market", "listing_id"]
