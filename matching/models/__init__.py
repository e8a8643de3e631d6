"""The tables of matching. Importing this package registers all of them."""

from matching.models.alert import SavedSearch
from matching.models.alliance_lead import AllianceLead
from matching.models.assessment import Assessment
from matching.models.compose_run import ComposeRun
from matching.models.demand import Demand, DemandRequirement, DemandVersion, DemandViewer
from matching.models.edition import WeightsEdition
from matching.models.index_state import IndexState
from matching.models.lead import Lead, LeadLook
from matching.models.level_certificate import LevelCertificate
from matching.models.match import Match, MatchList
from matching.models.self_check import SelfCheck, SelfCheckAnswer
from matching.models.shortlist import ShortlistItem, WhatIf
from matching.models.trade_link import ChainViewer, IndustryFlow, LinkImport, TradeLink

__all__ = [
    "AllianceLead",
    "Assessment",
    "ChainViewer",
    "ComposeRun",
    "Demand",
    "DemandRequirement",
    "DemandVersion",
    "DemandViewer",
    "IndexState",
    "IndustryFlow",
    "Lead",
    "LeadLook",
    "LevelCertificate",
    "LinkImport",
    "Match",
    "MatchList",
    "SavedSearch",
    "SelfCheck",
    "SelfCheckAnswer",
    "ShortlistItem",
    "TradeLink",
    "WeightsEdition",
    "WhatIf",
]
