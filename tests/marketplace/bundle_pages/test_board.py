"""The board: a working copy is begun, put together, mended and priced without scripts; nobody's typing is lost."""

import re

import pytest
from sqlalchemy import select

from catalog import publishing as shop
from catalog.bundles import form as forms
from catalog.bundles import reopening
from catalog.models import Bundle
from marketplace.audit import AuditEntry
from tests import factories
from tests.marketplace.web.looking import acting, counted, one, rows, text_of

MAX_STATEMENTS = 12


def page(who, path, status=200):
    answer = who.client.get(path)
    assert answer.status_code == status, text_of(answer)[:600]
    return text_of(answer)


def copy(app, bundle):
    return forms.read(one(app, select(Bundle.draft).where(Bundle.public_id == bundle)))


def number(app, bundle):
    return str(one(app, select(Bundle.draft_number).where(Bundle.public_id == bundle)))


def board(bundle, tail="board"):
    return f"/bundles/{bundle}/{tail}"


def covers(made):
    return [(item.covers, item.supports) for item in made.items]


def test_an_empty_list_leads_to_a_new_bundle(app, firms):
    assert "아직 번들이 없어요" in page(firms.runner, firms.list_path)
    fields = {"texts/title": "현장 묶음", "level_from": "1", "level_to": "2"}
    made = firms.runner.post(f"{firms.list_path}/new", fields)
    assert made.status_code == 303
    assert made.headers["Location"].endswith("/goal")
    assert "현장 묶음" in page(firms.runner, firms.list_path)
    refused = firms.runner.post(f"{firms.list_path}/new", {**fields, "texts/title": " ", "level_to": "9"})
    assert refused.status_code == 422
    assert "고칠 곳이" in text_of(refused)
    assert "bundle.begin" in rows(app, select(AuditEntry.act))


def test_an_empty_board_asks_for_a_goal(firms):
    fields = {"texts/title": "현장 묶음", "level_from": "1", "level_to": "2"}
    goal = firms.runner.post(f"{firms.list_path}/new", fields).headers["Location"]
    text = page(firms.runner, goal.replace("/goal", "/board"))
    assert "아직 목표가 없어요" in text
    assert "점검할 솔루션이 아직 없어요" in text


def test_the_board_shows_matrix_checks_money_and_shares(firms):
    bundle = firms.drafted()
    text = page(firms.runner, board(bundle))
    assert "필요한 역량 3개 가운데 3개를 충족했어요" in text
    assert "걸리는 것이 없어요" in text
    assert re.search(r"번들 합계</dt><dd>9,000만 원", text)
    assert text.count('data-r="main"') == 4  # three cells and the legend
    shares = [int(found.replace(",", "")) for found in re.findall(r'<td class="n">([\d,]+)원</td>', text)]
    assert sum(shares[:3]) == shares[3] == 90_000_000


def test_the_goal_is_set_with_what_is_wanted_and_exchanged(app, firms):
    fields = {"texts/title": "현장 묶음", "level_from": "1", "level_to": "2"}
    goal = firms.runner.post(f"{firms.list_path}/new", fields).headers["Location"]
    bundle = goal.split("/")[2]
    wanted = {
        "wanted/0/capability": "mes",
        "wanted/0/min_quality": "3",
        "wanted/0/must": "1",
        "wanted/0/stage": "1",
        "wanted/1/capability": "",
        "wanted/1/min_quality": "3",
        "wanted/1/stage": "1",
        "wanted/2/capability": "plm",
        "wanted/2/min_quality": "2",
        "wanted/2/stage": "2",
        "exchanges/0/0": "mes",
        "exchanges/0/1": "plm",
        "exchanges/1/0": "",
        "exchanges/1/1": "",
    }
    sent = {**fields, **wanted, "draft_number": number(app, bundle)}
    assert firms.runner.post(goal, sent).status_code == 303
    made = copy(app, bundle)
    assert [(each.capability, each.min_quality, each.must, each.stage) for each in made.wanted] == [
        ("mes", 3, True, 1),
        ("plm", 2, False, 2),
    ]
    assert made.exchanges == (("mes", "plm"),)
    wrong = {**sent, "draft_number": number(app, bundle), "exchanges/0/1": "", "wanted/2/capability": "mes"}
    refused = firms.runner.post(goal, wrong)
    assert refused.status_code == 422
    assert "현장 묶음" in text_of(refused)
    assert copy(app, bundle) == made


def test_adding_pressing_and_removing_items(app, firms):
    bundle = firms.drafted(items=[], exchanges=[])
    text = page(firms.runner, board(bundle, "items/new"))
    offers = re.findall(r'name="offer" value="([^"]+)"', text)
    assert len(offers) == 3
    for offer in offers:
        sent = {"offer": offer, "draft_number": number(app, bundle)}
        assert firms.runner.post(board(bundle, "items/new"), sent).status_code == 303
    assert covers(copy(app, bundle)) == [(("erp",), ()), (("plm",), ()), (("mes",), ())]
    press = {"cell": "i1 erp", "draft_number": number(app, bundle)}
    pressed = firms.runner.post(board(bundle, "cells"), press)
    assert pressed.status_code == 303
    assert covers(copy(app, bundle))[0] == ((), ("erp",))
    text = page(firms.runner, board(bundle))
    where, _hash, cell = pressed.headers["Location"].partition("#")
    assert where == board(bundle)
    assert re.search(rf'<button class="cell" id="{cell}"[^>]* value="i1 erp" data-r="sub"', text)
    assert "를 맡은 솔루션이 없어요" in text
    gone = {"offer": "nowhere plan", "draft_number": number(app, bundle)}
    assert firms.runner.post(board(bundle, "items/new"), gone).status_code == 422


def test_a_fix_is_carried_out_from_its_button(app, firms):
    bundle = firms.drafted(items=[])
    text = page(firms.runner, board(bundle))
    fields = r'name="act" value="add">.*?name="value" value="([^"]+)">.*?<button[^>]*>([^<]+)'
    value, words = re.search(fields, text, re.DOTALL).groups()
    assert words.endswith("넣기 (+20,000,000원)")
    sent = {"act": "add", "item": "", "value": value, "draft_number": number(app, bundle)}
    assert firms.runner.post(board(bundle, "fixes"), sent).headers["Location"].endswith("/board#checks-h")
    assert copy(app, bundle).list_amount == 20_000_000
    again = firms.runner.post(board(bundle, "fixes"), {**sent, "draft_number": number(app, bundle)})
    assert again.status_code == 409
    assert "보는 동안 다른 사람이 고쳤어요" in text_of(again)


def test_a_stale_form_keeps_what_was_typed_and_changes_nothing(app, firms):
    bundle = firms.drafted()
    before = number(app, bundle)
    firms.runner.post(board(bundle, "cells"), {"cell": "i1 mes", "draft_number": before})
    kept = copy(app, bundle)
    typed = {"texts/title": "늦은 이름", "level_from": "1", "level_to": "2", "draft_number": before}
    late = firms.runner.post(board(bundle, "goal"), typed)
    assert late.status_code == 409
    text = text_of(late)
    assert "적는 동안 다른 사람이 고쳤어요" in text
    assert 'value="늦은 이름"' in text
    assert copy(app, bundle) == kept
    stale = firms.runner.post(board(bundle, "cells"), {"cell": "i2 plm", "draft_number": before})
    assert (stale.status_code, copy(app, bundle) == kept) == (409, True)


def test_price_and_shares_are_tried_out_and_saved_to_the_won(app, firms):
    bundle = firms.drafted()
    rules = copy(app, bundle).rules
    sent = {"discount_amount": "9,000,000", "draft_number": number(app, bundle)}
    for place, rule in enumerate(rules):
        kind = "remainder" if rule.kind == "remainder" else "percent"
        sent |= {f"shares/{place}/vendor": rule.vendor, f"shares/{place}/kind": kind}
        sent[f"shares/{place}/value"] = "" if kind == "remainder" else "33.33"
    tried = firms.runner.post(board(bundle, "price"), {**sent, "go": "preview"})
    assert tried.status_code == 200
    assert "적은 대로 셈하면" in text_of(tried)
    assert copy(app, bundle).discount_amount == 0
    assert firms.runner.post(board(bundle, "price"), sent).status_code == 303
    made = copy(app, bundle)
    assert (made.price_amount, sum(made.shares().values())) == (81_000_000, 81_000_000)
    assert sorted(rule.value for rule in made.rules) == [0, 3333, 3333]


def test_shares_that_nobody_changed_follow_a_discount(app, firms):
    bundle = firms.drafted()
    sent = {"discount_amount": "9000000", "draft_number": number(app, bundle)}
    for place, rule in enumerate(copy(app, bundle).rules):
        value = "" if rule.kind == "remainder" else str(rule.value)
        sent |= {f"shares/{place}/vendor": rule.vendor, f"shares/{place}/kind": rule.kind}
        sent[f"shares/{place}/value"] = value
    tried = text_of(firms.runner.post(board(bundle, "price"), {**sent, "go": "preview"}))
    assert 'value="27000000"' in tried
    assert firms.runner.post(board(bundle, "price"), sent).status_code == 303
    made = copy(app, bundle)
    assert sorted(made.shares().values()) == [18_000_000, 27_000_000, 36_000_000]
    chosen = {**sent, "discount_amount": "0", "draft_number": number(app, bundle)}
    assert firms.runner.post(board(bundle, "price"), chosen).status_code == 303
    assert sorted(copy(app, bundle).shares().values()) == [20_000_000, 30_000_000, 40_000_000], "as typed"


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("percent", "80", "몫의 합이 번들 가격보다 126,000,000원 많아요"),
        ("percent", "10", "몫을 모두 빼면 63,000,000원이 남아요"),
        ("percent", "4.581", "비율: 0.01에서 100 사이의 퍼센트로"),
        ("percent", "일", "비율: 0.01에서 100 사이의 퍼센트로"),
        ("percent", "0", "비율: 0.01에서 100 사이의 퍼센트로"),
        ("fixed", "-1", "고정 금액: 0원에서 1조 원 사이의 금액을"),
        ("fixed", "0.5", "고정 금액: 0원에서 1조 원 사이의 금액을"),
        ("fixed", "1000000000001", "고정 금액: 0원에서 1조 원 사이의 금액을"),
    ],
)
def test_shares_that_cannot_be_are_refused_at_their_field(app, firms, kind, value, said):
    bundle = firms.drafted()
    kept = copy(app, bundle)
    sent = {"discount_amount": "0", "draft_number": number(app, bundle)}
    for place, rule in enumerate(kept.rules):
        sent |= {f"shares/{place}/vendor": rule.vendor, f"shares/{place}/kind": kind}
        sent[f"shares/{place}/value"] = value
    refused = firms.runner.post(board(bundle, "price"), sent)
    assert refused.status_code == 422
    assert f'value="{value}"' in text_of(refused)
    assert said in text_of(refused)
    assert "수준 값" not in text_of(refused)
    assert copy(app, bundle) == kept


@pytest.mark.parametrize(
    ("typed", "said"),
    [("90000001", "0원에서 90,000,000원 사이로"), ("많이", "0원에서 1조 원 사이의 금액을")],
)
def test_a_discount_that_cannot_be_is_refused_in_money(app, firms, typed, said):
    bundle = firms.drafted()
    sent = {"discount_amount": typed, "draft_number": number(app, bundle)}
    refused = firms.runner.post(board(bundle, "price"), sent)
    assert refused.status_code == 422
    assert said in text_of(refused)


def test_duties_end_at_the_lead_or_are_refused(app, firms):
    bundle = firms.drafted()
    made = copy(app, bundle)
    others = [duty.vendor for duty in made.duties if duty.escalates_to]
    sent = {"draft_number": number(app, bundle)}
    for place, duty in enumerate(made.duties):
        sent |= {f"duties/{place}/vendor": duty.vendor, f"duties/{place}/hours": "24"}
        sent[f"duties/{place}/escalates_to"] = duty.escalates_to or ""
    assert firms.runner.post(board(bundle, "duties"), sent).status_code == 303
    assert {duty.hours for duty in copy(app, bundle).duties} == {24}
    circle = dict(sent, draft_number=number(app, bundle))
    for place, duty in enumerate(made.duties):
        if duty.vendor in others:
            circle[f"duties/{place}/escalates_to"] = next(each for each in others if each != duty.vendor)
    assert firms.runner.post(board(bundle, "duties"), circle).status_code == 422


def test_only_the_coordinator_sees_the_board(firms):
    bundle = firms.drafted()
    for who in (firms.second, firms.outside):
        assert who.client.get(board(bundle)).status_code == 404
        assert who.post(board(bundle, "cells"), {"cell": "i1 mes", "draft_number": "2"}).status_code == 404
    assert firms.maker.client.get(board(bundle)).status_code == 403
    assert "아직 번들이 없어요" in page(firms.second, firms.list_path)


@pytest.mark.parametrize("tail", ["board", "goal", "items", "items/new", "price", "duties", "sending"])
def test_pages_of_the_board_cost_few_statements(app, firms, tail):
    bundle = firms.drafted()
    page(firms.runner, board(bundle, tail))
    with counted(app) as sent:
        page(firms.runner, board(bundle, tail))
    assert len(sent) <= MAX_STATEMENTS, "\n".join(sent)


def test_a_broken_part_is_told_on_the_board(app, firms):
    bundle = firms.drafted()
    with acting(app) as session:
        shop.withdraw(session, firms.shelf(session).listings[2])
    text = page(firms.runner, board(bundle))
    assert "비전 erp를 더는 팔지 않아요" in text
    assert "충돌 2" in text


def test_what_is_sold_and_broken_says_so_and_what_can_be_done(app, firms):
    """Nobody else brings what the part brought: wait for it, take it out, or end the sale."""
    bundle = firms.sold()
    assert "v1 판매 중" in page(firms.runner, board(bundle))
    with acting(app) as session:
        shop.withdraw(session, firms.shelf(session).listings[2])
        session.flush()
        reopening.look(session, firms.row(session, bundle), factories.NOW)
    for path in (board(bundle), firms.list_path, board(bundle, "versions"), board(bundle, "versions/1")):
        text = page(firms.runner, path)
        assert "v1 팔 수 없는 상태" in text, path
        assert "v1 판매 중" not in text, path
    text = page(firms.runner, board(bundle))
    finding = text.split("비전 erp를 더는 팔지 않아요")[1].split("</li>")[0]
    assert "공급기업이 다시 팔면 저절로 풀려요" in finding
    for tail in ("items", "goal"):
        assert f'href="{board(bundle, tail)}"' in finding
    banner = text.split("지금 파는 판을")[1].split("</div>")[0]
    assert f'href="{board(bundle, "versions/1/withdrawal")}"' in banner
