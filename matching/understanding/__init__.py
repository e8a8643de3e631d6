"""What a factory writes in its own words → what a demand asks for, with the words that said so. Pure: rules only.

`reading.read` is the entrance; `amounts`, `days`, `needs` and `places` each know one subject. docs/demand-text.md.
"""
