"""A few standing packages that serve most demands of a segment, and why the others are left out.

    instance   what is asked             reading    out of JSON, strictly
    catalogue  ways to buy, as arrays    markets    what each demand accepts
    growing    a package, greedily       swapping   one member for another     listing   every package, of tiny segments
    choosing   which packages together   reasons    why a demand is left out   solving   the answer
    checker    the rules by themselves: it has never heard of any of the others

What it promises is in docs/packages.md. Nothing here reads a database, and solvers are loaded with the first question.
"""

from matching.packages.instance import Segment
from matching.packages.reading import parse, read
from matching.packages.solving import Misjudged, solve

__all__ = ["Misjudged", "Segment", "parse", "read", "solve"]
