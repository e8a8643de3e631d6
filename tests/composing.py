"""A stage for composing in tests: an alliance with a lead, a member, a vendor outside, what they sell, a demand."""

from dataclasses import dataclass, field
from typing import Any

from catalog.files.folder import FolderStore
from matching import demands
from matching.composing.wishes import Wishes
from matching.models.demand import ALLIANCE
from tests import alliances, factories

TODAY, NOW = factories.TODAY, factories.NOW
#: The least that every test of a search needs: proven in well under a second, so nothing hangs on the clock.
QUICK = Wishes(seconds=30, alternatives=0)


@dataclass
class Stage:
    """Everything that is there; `coordinator` runs the alliance and leads it, `member` belongs to it."""

    session: Any
    store: FolderStore
    coordinator: Any
    member: Any
    outside: Any
    maker: Any
    validator: Any
    alliance: Any
    #: By title, public ids and rows.
    listings: dict[str, Any] = field(default_factory=dict)
    sold: dict[str, Any] = field(default_factory=dict)

    def sell(
        self,
        vendor,
        title,
        quality,
        price=10_000_000,
        *,
        interfaces=("rest",),
        level=(1, 4),
        kind="one_off",
        **changes,
    ):
        """A public listing with one plan: capability → quality."""
        brings = [
            {"capability": code, "quality": grade, "basis": "document"} for code, grade in quality.items()
        ]
        made = factories.published(
            self.session,
            vendor,
            self.validator,
            self.store,
            title=title,
            capabilities=list(quality),
            interfaces=list(interfaces),
            level={"scale": "company_level", "from": level[0], "to": level[1]},
            plans=[factories.plan(price=price, kind=kind) | {"quality": brings}],
            **changes,
        )
        self.listings[title], self.sold[title] = made.public_id, made
        return made

    def shelf(self):
        """Two members sell MES and ERP that speak; an outsider's MES is far better and its WMS the only one."""
        self.sell(self.coordinator, "결 MES", {"mes": 3}, 20_000_000, interfaces=("rest", "opcua"))
        self.sell(self.member, "결 ERP", {"erp": 4}, 15_000_000, interfaces=("rest",))
        self.sell(self.outside, "밖 MES", {"mes": 5}, 18_000_000, interfaces=("opcua",))
        self.sell(self.outside, "밖 WMS", {"wms": 4}, 9_000_000, interfaces=("opcua",))

    def demand(
        self, *capabilities, links=(), budget=90_000_000, quality=3, must=True, level=1, site=None, **changes
    ):
        """A demand that the alliance is shown."""
        place = site or factories.site(self.session, self.maker, level=level)
        made = factories.demand(
            self.session,
            place,
            requirements=[
                {"capability": code, "must": must, "min_quality": quality} for code in capabilities
            ],
            links=[list(pair) for pair in links],
            budget_amount=budget,
            **changes,
        )
        demands.widen(self.session, made, ALLIANCE, [], NOW, alliance=self.alliance)
        self.session.flush()
        return made


def stage(session, folder, *, people=None):
    """An alliance of two, and those around it. `people`: their organizations, if they have been made already."""
    coordinator, member, outside, maker = people or (
        factories.company(session, "vendor", name="가람"),
        factories.company(session, "vendor", name="누리"),
        factories.company(session, "vendor", name="바깥"),
        factories.company(session, "manufacturer", name="해울정밀"),
    )
    alliance = alliances.active(session, coordinator, member, capabilities=("mes",))
    return Stage(
        session,
        FolderStore(folder),
        coordinator,
        member,
        outside,
        maker,
        factories.company(session, "validator"),
        alliance,
    )
