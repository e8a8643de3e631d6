"""Needs as factories write them, by industry, to start from. Invented for this product; the reader reads each."""

from dataclasses import dataclass

from catalog.taxonomy.terms import is_english


@dataclass(frozen=True, slots=True)
class Example:
    """One need in everyday words, with the KSIC divisions in which it is common (none: everywhere)."""

    code: str
    divisions: frozenset[str]
    title_ko: str
    title_en: str
    text_ko: str
    text_en: str

    def title(self, locale: str) -> str:
        """A few words for a link."""
        return self.title_en if is_english(locale) else self.title_ko

    def text(self, locale: str) -> str:
        """What to take over and change."""
        return self.text_en if is_english(locale) else self.text_ko


def _of(divisions: str, code: str, *words: str) -> Example:
    return Example(code, frozenset(divisions.split()), *words)


EXAMPLES: tuple[Example, ...] = (
    _of(
        "24 25 29 30 31",
        "weld",
        "용접 불량",
        "Weld defects",
        "용접 비드 불량을 줄이고 싶어요. 검사 결과가 로트마다 남아야 해요. 에너지도 볼 수 있으면 좋아요.",
        "We want to reduce weld defects and need traceability. Energy monitoring would be nice to have.",
    ),
    _of(
        "22 25 28 30",
        "press",
        "설비 멈춤",
        "Machine stops",
        "프레스 설비 고장을 미리 알고 싶어요. 정비 이력도 남으면 좋겠어요.",
        "We want to predict failures of the presses. Maintenance records would be nice to have.",
    ),
    _of(
        "10 11 12 20 21",
        "food",
        "온도 기록",
        "Temperature records",
        "가열과 냉장 온도를 자동으로 기록하고 싶어요. 로트마다 이력이 남아야 해요.",
        "We need to collect temperatures and to track lots.",
    ),
    _of(
        "22 26 27 28",
        "conditions",
        "사출 조건",
        "Moulding conditions",
        "사출 조건을 최적으로 찾고 불량을 줄이고 싶어요. 바코드는 있으면 좋아요.",
        "We want an AI process optimisation for moulding and fewer defects.",
    ),
    _of(
        "24 25",
        "energy",
        "전기 요금",
        "Power bills",
        "전기 요금을 줄이고 싶어요. 설비 상태를 실시간으로 볼 수 있으면 좋아요.",
        "We want to cut energy costs. To monitor machines would be nice to have.",
    ),
    _of(
        "",
        "report",
        "작업일보",
        "Shift reports",
        "손으로 쓰는 작업일보를 없애고 생산 현황을 바로 보고 싶어요. ERP는 이미 있는데 MES와 연결하고 싶어요.",
        "We want production tracking. We have an ERP and need an MES connected to it.",
    ),
    _of(
        "",
        "stock",
        "재고 맞추기",
        "Stock that agrees",
        "창고 재고를 정확히 맞추고 싶어요. 바코드가 꼭 필요해요.",
        "We need inventory control with barcode.",
    ),
    _of(
        "",
        "delivery",
        "납기 지키기",
        "Delivery on time",
        "납기를 지키도록 생산 계획을 자동으로 세우고 싶어요.",
        "We want to plan for on-time delivery.",
    ),
)


def common_in(industry: str | None, most: int = 3) -> list[Example]:
    """Examples of the industry (a KSIC code) first, then those of every industry."""
    own = [one for one in EXAMPLES if industry is not None and industry[:2] in one.divisions]
    return [*own, *(one for one in EXAMPLES if not one.divisions)][:most]


def named(code: str) -> Example | None:
    """The example of that code."""
    return next((one for one in EXAMPLES if one.code == code), None)
