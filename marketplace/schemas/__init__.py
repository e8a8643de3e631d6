"""What goes in and what comes out: one In and one Out a thing, shared by pages and the API.

They parse; rules are the domain's.
"""
