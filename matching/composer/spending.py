"""Rule 5 as rows: prices, connectors, subsidies and the budget."""

from functools import reduce
from math import gcd

from matching.composer.bundling import Bundling, Terms
from matching.composer.columns import Facts
from matching.composer.instance import FULL_RATE_BP, Subsidy


def unit(facts: Facts) -> int:
    """Return the largest unit in won in which every price, ceiling and whole subsidy is a whole number."""
    prices = [plan.price_amount for offer in facts.instance.offers for plan in offer.plans]
    found = reduce(gcd, prices, 0)
    found = reduce(gcd, (one.price_amount for one in facts.instance.connectors), found)
    for rule in facts.subsidies.values():
        if any(rule.rate_bp * price % FULL_RATE_BP for price in prices):
            return 1
        found = reduce(gcd, (rule.rate_bp * price // FULL_RATE_BP for price in prices), found)
        found = gcd(found, rule.cap_amount)
    return max(1, found)


def add(bundling: Bundling, connectors: Terms) -> None:
    """Add the subsidy of each stage and the budget; `connectors` is what those cost, in units."""
    offers = bundling.facts.instance.offers
    prices = {
        column: offers[offer].plans[plan].price_amount // bundling.unit_amount
        for (offer, plan, _), column in bundling.buy.items()
    }
    bundling.own += [(column, price) for column, price in prices.items() if price]
    bundling.own += [term for term in connectors if term[1]]
    for rule in bundling.facts.subsidies.values():
        installed = [
            (column, prices[column])
            for (_, _, stage), column in bundling.buy.items()
            if stage == rule.stage and prices[column]
        ]
        if installed:
            bundling.own.append((_subsidy(bundling, rule, installed), -1))
    budget = bundling.facts.instance.demand.budget_amount
    if budget is not None:
        bundling.model.row(bundling.own, most=budget // bundling.unit_amount, name=("budget_amount",))


def _subsidy(bundling: Bundling, rule: Subsidy, installed: Terms) -> int:
    """Return the column of what one rule pays: at most its rate of the prices, rounded down, at most its ceiling.

    What each purchase brings is split into whole units and the rest of one. The rests together give a few more units:
    a column with a small range, where one for the whole sum would have a range that no solver gets through.
    """
    model = bundling.model
    common = gcd(rule.rate_bp, FULL_RATE_BP)
    rate, full = rule.rate_bp // common, FULL_RATE_BP // common
    whole = [(column, -(rate * price // full)) for column, price in installed]
    most = -sum(a for _, a in whole)
    rests = [(column, -(rate * price % full)) for column, price in installed if rate * price % full]
    if rests:
        more = model.column(len(bundling.serve))
        model.row([(more, full), *rests], most=0)
        whole.append((more, -1))
        most += model.most[more]
    paid = model.column(min(rule.cap_amount // bundling.unit_amount, most))
    model.row([(paid, 1), *whole], most=0)
    return paid
