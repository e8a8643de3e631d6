"""The synthetic country of the demo mode: invented companies, products and figures, made through the domain functions.

`load.py` is the door; `data/` holds the texts; `rounds.py` says what happened when. Every day in it is fixed, so that
two loads give the same country.
"""
