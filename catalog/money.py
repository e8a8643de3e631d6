"""Money: whole won everywhere, in fields named `…_amount`."""

#: The largest amount that anything in the product may state, in won.
MAX_AMOUNT = 10**12
