"""From thousands of offers to the cheapest, best fitting set that covers a demand and works together, with a proof.

    instance   what is asked                 reading, nodes   out of JSON, strictly
    folding    what is alike                 columns    what could be bought
    bundling, rows, linking, spending   the rules as a linear model
    bounds     what the relaxation proves    minimising   the least value, with its proof   solver   CP-SAT
    goals      one objective after another   objectives   rule 6   ties   rule 7
    composing  the answer                    funnels, explaining, repairs, clashes   why there is none
    checker    the rules by themselves: it has never heard of any of the others

What it promises is in docs/composer.md. Nothing here reads a database, and solvers are loaded with the first question.
"""

from matching.composer.composing import Misjudged, compose
from matching.composer.instance import Instance
from matching.composer.reading import BadInstance, parse, read

__all__ = ["BadInstance", "Instance", "Misjudged", "compose", "parse", "read"]
