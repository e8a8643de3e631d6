"""Maturity of a site: what was stated, on which scale, on what basis."""
