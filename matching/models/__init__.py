"""The tables of matching. Importing this package registers all of them."""

from matching.models.assessment import Assessment
from matching.models.demand import Demand, DemandRequirement
from matching.models.edition import WeightsEdition
from matching.models.index_state import IndexState
from matching.models.match import Match, MatchList

__all__ = ["Assessment", "Demand", "DemandRequirement", "IndexState", "Match", "MatchList", "WeightsEdition"]
