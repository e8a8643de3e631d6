"""The fit score: facts → score → explain, with the weights as versioned data. Pure: no database, no clock.

The definition in plain words, with worked numbers that the tests recompute, is docs/fit-score.md.
"""
