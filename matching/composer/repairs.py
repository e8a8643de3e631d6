"""What would make an impossible demand possible: the cheapest changes, each tried before it is shown.

Every requirement of the demand gets a slack with a price, and the sum is made small. Facts have no slack: levels,
prices, conflicts between products, capacity. A repair is shown only if the changed demand was solved again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from matching.composer import rows
from matching.composer.answers import Change, Item, Repair
from matching.composer.bounds import Meter, conflicting
from matching.composer.bundling import Bundling
from matching.composer.changing import (
    BUDGET,
    CAPABILITY,
    EXCLUSIVE,
    KINDS,
    LINK,
    POOL,
    REQUIRE,
    VENDORS,
    changed,
    only,
)
from matching.composer.checker import Verdict, check
from matching.composer.columns import Facts, joints
from matching.composer.instance import MAX_QUALITY, Instance, Requirement
from matching.composer.minimising import Minimum, minimise
from matching.composer.model import Model, Row, dense
from matching.composer.solver import Clock

#: What a change is worth, in won: our proposal, in proportions that were tried on synthetic demands. Giving up a
#: capability is the dearest, then a rule, a connection, a vendor more; money is worth itself.
CAPABILITY_AMOUNT = 100_000_000
RULE_AMOUNT = 40_000_000
LINK_AMOUNT = 30_000_000
VENDOR_AMOUNT = 15_000_000
#: There are five grades: each is a fifth of a capability. A stage later is half as bad.
QUALITY_AMOUNT = CAPABILITY_AMOUNT // MAX_QUALITY
STAGE_AMOUNT = QUALITY_AMOUNT // 2

#: The most that one question, and all together, may take, in the solver's deterministic time (about seconds): the same
#: on every machine. Whether a repair works is asked in any case: that is a question about a handful of offers.
WORK, WORK_IN_ALL = 1.0, 4.0
#: The cheapest changes of all kinds have as much in any case: without them there may be no repair at all.
WORK_OF_CHEAPEST = 3.0
#: So has the budget alone: it is what most impossible demands lack, and what bounds all other changes.
WORK_OF_BUDGET = 2.0


@dataclass(frozen=True, slots=True)
class _Witness:
    """Changes, and the bundle that the changed demand has."""

    steps: tuple[Change, ...]
    items: tuple[Item, ...]

    @property
    def price_amount(self) -> int:
        """What all changes are worth in won."""
        return sum(step.price_amount for step in self.steps)

    def verdict(self, instance: Instance) -> Verdict:
        """Return what the checker says of the bundle under the changed demand."""
        after = changed(instance, self.steps)
        return check(after, self.items, joints(Facts(after), self.items))


@dataclass(slots=True)
class _Asking:
    """Questions to the solver, and the work that they may still take.

    Attributes:
        left: in deterministic time.
    """

    clock: Clock
    left: float = WORK_IN_ALL

    def least(
        self,
        model: Model,
        terms: Sequence[tuple[int, int]],
        *,
        enough: bool = False,
        work: float | None = None,
        below: int | None = None,
    ) -> Minimum:
        """Return the solution of least value that little work finds, with `enough` any, with `below` only a better.

        Args:
            work: what it may take, apart from all others.
            below: what the value has to be smaller than.
        """
        objective = dense(terms, len(model.most))
        is_apart = work is not None
        work = max(0.0, min(WORK, self.left)) if work is None else work
        found = minimise(model, objective, self.clock, work=work, enough=enough, below=below)
        self.left -= 0.0 if is_apart else found.work
        return found

    def are_clashing(self, instance: Instance) -> bool:
        """Whether the relaxation proves that nothing meets all of a demand."""
        meter = Meter()
        names = conflicting(rows.build(Facts(instance)).model, meter)
        self.left -= meter.work
        return names is not None


def repairs(
    facts: Facts, clock: Clock, clashing: Sequence[tuple[str, ...]]
) -> tuple[tuple[Repair, ...], tuple[tuple[Item, ...], ...]]:
    """Return what makes the demand possible, and the bundles that it then has.

    Args:
        clashing: names of requirements that cannot hold together.

    Returns:
        Repairs, cheapest first: by money alone, by vendors alone, and the cheapest changes of all kinds; and bundles,
        each of which meets all that one of them leaves of the demand.
    """
    instance, asking = facts.instance, _Asking(clock)
    hopeless = tuple(_hopeless(instance))
    witnesses = [] if hopeless else [*_by_limits(instance, asking, clashing)]
    witnesses += _by_anything(instance, asking, hopeless, _cheapest_of(witnesses))
    if len(hopeless) < 2:  # else no single change is enough, and if there is one, only of that
        known = _cheapest_of(witnesses)
        worth = [one.name for one in hopeless] or clashing
        witnesses += _by_asking_less(instance, asking, worth, known)
    tried = {
        Repair(witness.steps)
        for witness in witnesses
        if witness.steps and _is_solved_again(instance, witness, asking)
    }
    found = sorted(tried, key=lambda one: (one.price_amount, one.to_json()["change"]))
    return _undominated(found), tuple(witness.items for witness in witnesses)


def _cheapest_of(witnesses: Sequence[_Witness]) -> int | None:
    return min((one.price_amount for one in witnesses), default=None)


def _undominated(found: list[Repair]) -> tuple[Repair, ...]:
    """Leave out what changes the same requirements as a cheaper repair, or more of them."""
    kept: list[tuple[frozenset[tuple[str, ...]], Repair]] = []
    for repair in found:
        names = frozenset(step.name for step in repair.steps)
        if not any(fewer <= names for fewer, _cheaper in kept):
            kept.append((names, repair))
    return tuple(repair for _names, repair in kept)


def _by_limits(
    instance: Instance, asking: _Asking, clashing: Sequence[tuple[str, ...]]
) -> Iterator[_Witness]:
    """What it takes if only the budget, or only the number of vendors, is changed."""
    for name in (BUDGET, VENDORS):
        if (name,) not in clashing:
            continue
        free = _without(instance, name)
        bundling = rows.build(Facts(free))
        terms = bundling.own if name == BUDGET else bundling.vendors
        found = asking.least(bundling.model, terms, work=WORK_OF_BUDGET if name == BUDGET else None)
        if found.point is not None:
            items = bundling.items(found.point)
            needed = _needed(free, items, name)
            yield _Witness((_limit_step(instance, name, needed),), items)


def _needed(instance: Instance, items: tuple[Item, ...], name: str) -> int:
    """Return what a bundle needs of a limit."""
    verdict = check(instance, items, joints(Facts(instance), items))
    if verdict.money is None:
        raise AssertionError("a bundle of the model names an offer that is not there")
    return verdict.money.own_amount if name == BUDGET else verdict.vendors


def _by_anything(
    instance: Instance, asking: _Asking, before: tuple[Change, ...], known: int | None
) -> Iterator[_Witness]:
    """The changes of least price, if they are cheaper than what is known, beside those that nothing goes without."""
    eased = changed(instance, before)
    items = _any_bundle(eased, asking) if before else None
    if items is not None:
        yield _Witness(before, items)
        return
    for found in _cheapest(eased, asking, known):
        both = replace(found, steps=before + found.steps)
        yield _softer(instance, _pruned(instance, both), asking)


def _by_asking_less(
    instance: Instance, asking: _Asking, clashing: Sequence[tuple[str, ...]], most: int | None
) -> Iterator[_Witness]:
    """The cheapest single grade less or stage later that is enough, if it is cheaper than what is known to be.

    One change is enough only if every clash has its requirement, so one clash tells which are worth a question; but a
    required offer that answers for nothing may do so once less is asked of any.
    """
    is_any = any(name[0] == REQUIRE for name in clashing)
    options = {
        less
        for one in instance.demand.requirements
        if is_any or (CAPABILITY, one.capability) in clashing
        for less in _less(instance, one)
        if most is None or less.price_amount < most
    }
    ranked = sorted(options, key=lambda one: (one.price_amount, one.name, one.change))
    found = _first_enough(instance, ranked, asking)
    if found is not None:
        yield found


def _first_enough(instance: Instance, options: Sequence[Change], asking: _Asking) -> _Witness | None:
    """Return the first change that is enough alone. If all of them together are not enough, none of them is."""
    if not options or asking.left <= 0:
        return None
    if len(options) == 1:
        items = _any_bundle(changed(instance, options), asking)
        return None if items is None else _Witness(tuple(options), items)
    # Of several grades or stages of one capability the last is the one that counts: the loosest.
    together = sorted(options, key=lambda one: (one.name, one.field, one.price_amount))
    if asking.are_clashing(changed(instance, together)):
        return None
    middle = len(options) // 2
    first = _first_enough(instance, options[:middle], asking)
    return first or _first_enough(instance, options[middle:], asking)


def _hopeless(instance: Instance) -> Iterator[Change]:
    """Ask less of each capability that no offer can answer for: every repair has to."""
    facts = Facts(instance, opened=KINDS)
    served = {code for purchase in facts.purchases for code in purchase.capabilities}
    for one in instance.demand.requirements:
        if one.must and one.capability not in served:
            yield next(iter(_less(instance, one)), _given_up((CAPABILITY, one.capability)))


def _cheapest(instance: Instance, asking: _Asking, below: int | None) -> Iterator[_Witness]:
    """Yield changes of a smaller price and their bundle, the cheapest last: requirements may be missed at their price.

    What alone is worth as much is no part of them, so it holds; and first without giving up capabilities, which is
    the dearest. The model of what holds is far easier than that of what may be missed.
    """
    for opened, is_rough in product((KINDS - {CAPABILITY}, KINDS), (True, False)):
        kinds = frozenset(kind for kind in opened if below is None or _least_price(kind) < below)
        if kinds <= ({BUDGET, VENDORS} if is_rough else {BUDGET}) or CAPABILITY in opened - kinds:
            continue
        facts = Facts(instance, opened=kinds, spare_amount=None if below is None else below - 1)
        found = _missing(facts, asking, below, is_rough=is_rough)
        if found is not None and (below is None or found.price_amount < below):
            below = found.price_amount
            yield found


def _least_price(kind: str) -> int:
    """Return what missing a requirement of that kind is worth at least, in won."""
    if kind == BUDGET:
        return 1
    return VENDOR_AMOUNT if kind == VENDORS else _given_up((kind,)).price_amount


def _missing(facts: Facts, asking: _Asking, below: int | None, *, is_rough: bool) -> _Witness | None:
    """Return the changes of least price and their bundle when opened requirements may be missed.

    Roughly: of least price and own money together. Prices alone say nothing of most offers, so that the solver has
    to look at all of them; a bundle that is known to be cheap makes the exact question easy.
    """
    instance, bundling = facts.instance, rows.build(facts)
    model, slacks = _softened(bundling)
    terms = [(column, _price(bundling, name)) for name, column in slacks.items()]
    terms += [(column, bundling.unit_amount * a) for column, a in bundling.own if is_rough]
    if is_rough:
        found = asking.least(model, terms, work=WORK)
    else:
        found = asking.least(model, terms, work=WORK_OF_CHEAPEST - WORK, below=below)
    if found.point is None:
        return None
    names = [name for name, column in slacks.items() if found.point[column]]
    items = bundling.items(found.point)
    steps = tuple(
        _limit_step(instance, name[0], _needed(_without(instance, name[0]), items, name[0]))
        if name[0] in {BUDGET, VENDORS}
        else _given_up(name)
        for name in names
    )
    return _Witness(steps, items)


def _without(instance: Instance, limit: str) -> Instance:
    demand = instance.demand
    budget = None if limit == BUDGET else demand.budget_amount
    vendors = None if limit == VENDORS else demand.max_vendors
    return replace(instance, demand=replace(demand, budget_amount=budget, max_vendors=vendors))


def _limit_step(instance: Instance, name: str, needed: int) -> Change:
    price = 1 if name == BUDGET else VENDOR_AMOUNT
    return Change((name,), name, needed, price * (needed - int(getattr(instance.demand, name))))


def _given_up(name: tuple[str, ...]) -> Change:
    if name[0] == POOL:
        return Change(name, POOL, "all", RULE_AMOUNT)
    amounts = {CAPABILITY: CAPABILITY_AMOUNT, LINK: LINK_AMOUNT}
    return Change(name, "", "", amounts.get(name[0], RULE_AMOUNT))


def _softened(bundling: Bundling) -> tuple[Model, dict[tuple[str, ...], int]]:
    """Return the model in which opened requirements may be missed, and the columns that say by how much."""
    model = Model(list(bundling.model.most))
    slacks: dict[tuple[str, ...], int] = {}
    for row in bundling.model.rows:
        if not row.name or row.name[0] not in bundling.facts.opened:
            model.rows.append(row)
            continue
        terms = list(zip(row.columns, row.coefficients, strict=True))
        if row.name not in slacks:
            slacks[row.name] = model.column(_most_slack(bundling, row))
        by = len(bundling.serve) if row.name[0] in {EXCLUSIVE, POOL} else 1
        sign = -1 if row.least is None else 1
        model.row([*terms, (slacks[row.name], sign * by)], least=row.least, most=row.most)
    return model, slacks


def _most_slack(bundling: Bundling, row: Row) -> int:
    """Return by how much a row can be missed at most; 1 for what is given up as a whole."""
    if row.name[0] == BUDGET:
        terms = zip(row.columns, row.coefficients, strict=True)
        return sum(a * bundling.model.most[column] for column, a in terms if a > 0)
    return len(bundling.serve) if row.name[0] == VENDORS else 1


def _price(bundling: Bundling, name: tuple[str, ...]) -> int:
    if name[0] == BUDGET:
        return bundling.unit_amount
    return _least_price(name[0])


def _pruned(instance: Instance, witness: _Witness) -> _Witness:
    """Return the changes that the bundle really needs; the solver may state one too many."""
    for step in witness.steps:
        fewer = replace(witness, steps=tuple(one for one in witness.steps if one != step))
        if fewer.verdict(instance).is_valid:
            witness = fewer
    return witness


def _softer(instance: Instance, witness: _Witness, asking: _Asking) -> _Witness:
    """Ask less of a capability where the witness gives it up, if that is enough."""
    asked = {one.capability: one for one in instance.demand.requirements}
    for step in witness.steps:
        if step.name[0] != CAPABILITY:
            continue
        for less in _less(instance, asked[step.name[1]]):
            if asking.left <= 0:
                return witness
            steps = tuple(less if one == step else one for one in witness.steps)
            items = _any_bundle(changed(instance, steps), asking)
            if items is not None:
                witness = _Witness(steps, items)
                break
    return witness


def _less(instance: Instance, asked: Requirement) -> list[Change]:
    """Return what could be asked for instead, the cheapest first: less quality or a later stage that brings offers."""
    name, code = (CAPABILITY, asked.capability), asked.capability
    first = Facts(instance).first_stage
    brought = [(plan.quality.get(code, 0), first(offer)) for offer in instance.offers for plan in offer.plans]
    best = min(asked.min_quality, MAX_QUALITY + 1)
    qualities = {q for q, stage in brought if 0 < q < best and stage <= asked.stage}
    stages = {stage for q, stage in brought if q >= asked.min_quality and stage > asked.stage}
    found = [Change(name, "min_quality", q, (best - q) * QUALITY_AMOUNT) for q in qualities]
    found += [Change(name, "stage", stage, (stage - asked.stage) * STAGE_AMOUNT) for stage in stages]
    cheaper = [change for change in found if change.price_amount < CAPABILITY_AMOUNT]
    return sorted(cheaper, key=lambda one: (one.price_amount, one.change))


def _any_bundle(instance: Instance, asking: _Asking) -> tuple[Item, ...] | None:
    """Return a bundle, if one is found with little work."""
    bundling = rows.build(Facts(instance))
    found = asking.least(bundling.model, bundling.own, enough=True)
    return None if found.point is None else bundling.items(found.point)


def _is_solved_again(instance: Instance, witness: _Witness, asking: _Asking) -> bool:
    """Whether the changed demand, with the witness's offers alone on sale, is solved and the checker agrees."""
    after = changed(instance, witness.steps)
    items = _any_bundle(only(after, frozenset(item.offer for item in witness.items)), asking)
    return items is not None and check(after, items, joints(Facts(after), items)).is_valid
