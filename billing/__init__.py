"""Who pays whom: quotes, orders, ledger, payouts.

Empty until the first quote exists; the import contracts already hold its place.
"""
