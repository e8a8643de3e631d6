"""Support programmes as dated rules with sources: what they paid, for what, from when to when.

Amounts come from data, never from code: they change every year, and a past rule is no promise.
"""
