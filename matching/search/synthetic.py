"""Listings of realistic shape in any number, and demands drawn from them, the same for the same seed."""

import random
from datetime import date, timedelta
from typing import Any

from catalog import taxonomy
from matching.scoring.facts import Need, Partner, Requirement
from matching.search.analyser import BigramAnalyser
from matching.search.documents import Document, divisions_of, price_band

TODAY = date(2026, 11, 21)
ANALYSER = BigramAnalyser()
CAPABILITIES = [term.code for term in taxonomy.terms("capability")]
INTERFACES = [term.code for term in taxonomy.terms("interface")]
REGIONS = [term.code for term in taxonomy.terms("region")]
INDUSTRIES = [f"{division}{group}" for division in range(10, 35) for group in range(1, 6)]
VOCABULARY = 30_000
WORDS_EACH = 25


def listing_id(number: int) -> str:
    """Return the id of the listing of this number."""
    return f"01900000-0000-7000-8000-{number:012d}"


def _vocabulary(draw: random.Random) -> list[tuple[str, str]]:
    """Words of two to four syllables, each with the grams of its document form."""
    made: dict[str, str] = {}
    while len(made) < VOCABULARY:
        word = "".join(chr(0xAC00 + 28 * draw.randrange(399)) for _ in range(draw.randrange(2, 5)))
        tokens = ANALYSER.document(word)
        if tokens.words == (word,):
            made[word] = " ".join(tokens.grams)
    return list(made.items())


class Market:
    """Makes listings one after the other, and demands for them."""

    def __init__(self, seed: int = 7) -> None:
        self.draw = random.Random(seed)
        self.vocabulary = _vocabulary(self.draw)
        self._priors: dict[str, dict[str, float]] = {}
        self.places = [1 / (rank + 1) ** 0.9 for rank in range(VOCABULARY)]
        self.words = self.draw.choices(range(VOCABULARY), self.places, k=2_000_000)

    def documents(self, count: int) -> list[Document]:
        """Return listings 0 to count - 1."""
        return [self.document(number) for number in range(count)]

    def document(self, number: int) -> Document:
        """Return the next listing, under this number."""
        draw = self.draw
        industries = draw.sample(INDUSTRIES, draw.choice([1, 1, 1, 2]))
        capabilities = draw.sample(CAPABILITIES, draw.randrange(2, 6))
        content = self._content(industries, capabilities)
        amounts = [plan["price_amount"] for plan in content["plans"] if plan["price_amount"] is not None]
        amount = min(amounts, default=None)
        kinds = {record["kind"] for record in content["evidence"]}
        start = draw.randrange(len(self.words) - WORDS_EACH)
        words = [self.vocabulary[word] for word in self.words[start : start + draw.randrange(10, WORDS_EACH)]]
        return Document(
            id=listing_id(number),
            vendor_id=listing_id(number % 10_000),
            vendor_name="",
            release_number=1,
            approved_on=TODAY - timedelta(days=draw.randrange(700)),
            certificate_expires_on=TODAY + timedelta(days=draw.randrange(-60, 700)),
            content={**content, "title": words[0][0]},
            analyser=ANALYSER.stamp(),
            words=" ".join(word for word, _ in words),
            grams=" ".join(grams for _, grams in words),
            capabilities=frozenset(capabilities),
            divisions=divisions_of(industries),
            levels=frozenset(range(content["level"]["from"], content["level"]["to"] + 1)),
            regions=frozenset(content["regions"]),
            first_year_amount=amount,
            price_band=price_band(amount),
            best_evidence=next((kind for kind in ("field", "test_report") if kind in kinds), "document"),
            field_sites=len(kinds),
            test_reports=0,
            vendor_capacity=draw.choice([None, *range(12)]),
        )

    def _content(self, industries: list[str], capabilities: list[str]) -> dict[str, Any]:
        draw = self.draw
        level = draw.randrange(1, 4)
        measured = [draw.choice([*industries, draw.choice(INDUSTRIES)]) for _ in range(draw.randrange(5))]
        return {
            "level": {"scale": "company_level", "from": level, "to": min(5, level + draw.randrange(1, 3))},
            "industries": [{"revision": "11", "code": code} for code in industries],
            "interfaces": draw.sample(INTERFACES, draw.randrange(1, 5)),
            "regions": REGIONS if draw.random() < 0.35 else draw.sample(REGIONS, draw.randrange(1, 4)),
            "install_weeks": draw.choice([None, *range(2, 27)]),
            "plans": [self._plan(nth, capabilities) for nth in range(draw.choice([1, 1, 2, 3]))],
            "evidence": [self._record(code) for code in measured],
        }

    def _plan(self, nth: int, capabilities: list[str]) -> dict[str, Any]:
        draw = self.draw
        amount = None if draw.random() < 0.1 else 100_000 * round(draw.lognormvariate(5.7, 0.9))
        quality = [{"capability": code, "quality": draw.randrange(1, 6)} for code in capabilities]
        return {
            "id": f"p{nth}",
            "name": "",
            "kind": "one_off",
            "price_amount": amount,
            "setup_amount": 0,
            "quality": quality,
        }

    def _record(self, code: str) -> dict[str, Any]:
        draw = self.draw
        site = {
            "industry": {"revision": "11", "code": code},
            "region": "busan",
            "headcount": draw.randrange(300),
        }
        kind, after = (
            draw.choice(["field", "field", "test_report", "claim"]),
            draw.choice(["1", "1", "1", "3"]),
        )
        return {"kind": kind, "direction": "lower", "baseline": "2", "after": after, "site": site}

    def need(self, document: Document) -> Need:
        """A demand that the listing would suit."""
        draw, content = self.draw, document.content
        wanted = draw.sample(
            sorted(document.capabilities), min(len(document.capabilities), draw.randrange(2, 5))
        )
        level = draw.randrange(content["level"]["from"], content["level"]["to"] + 1)
        systems = tuple(frozenset(draw.sample(INTERFACES, 2)) for _ in range(draw.randrange(1, 4)))
        partners = tuple(
            Partner(
                "supplier",
                draw.choice(["confirmed", "declared"]),
                frozenset(),
                (frozenset(draw.sample(INTERFACES, 2)),),
            )
            for _ in range(draw.randrange(3))
        )
        amount = document.first_year_amount or 30_000_000
        return Need(
            requirements=tuple(
                Requirement(code, nth == 0, draw.randrange(1, 5)) for nth, code in enumerate(wanted)
            ),
            level=level,
            target_level=min(5, level + 1),
            industry=("11", content["industries"][0]["code"]),
            region=draw.choice(content["regions"]),
            connections=systems,
            budget_amount=round(amount * draw.uniform(0.7, 2.0)),
            weeks_left=draw.randrange(4, 40),
            partners=partners,
            industry_prior=self.prior(content["industries"][0]["code"][:2]),
        )

    def prior(self, division: str) -> dict[str, float]:
        """How strongly a division trades with each other one: the same for all its sites, as statistics are."""
        found = self._priors.get(division)
        if found is None:
            found = {str(other): self.draw.random() for other in range(10, 35)}
            self._priors[division] = found
        return found

    def text(self, document: Document, words: int) -> str:
        """Some words of the listing and, half the time, one that very many have."""
        draw = self.draw
        chosen = draw.sample(document.words.split(), words)
        return " ".join([*chosen, *([self.vocabulary[draw.randrange(3)][0]] if draw.random() < 0.5 else [])])
