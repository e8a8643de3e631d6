"""Validation: numbered rules, the rubric, the desk, certificates."""
