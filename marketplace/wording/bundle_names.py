"""Names and sentences of bundles where they are done, refused or told: acts, refusals, problems at fields."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

#: (set, code) → its name on screens. The rubric's criteria as they are asked of a bundle.
SETS: Mapping[str, Mapping[str, object]] = {
    "bundle_criterion": {
        "method": _l("솔루션마다의 인증"),
        "sample": _l("역량의 빈틈없음"),
        "effect": _l("솔루션 사이의 연동"),
        "persistence": _l("책임과 답하는 시간"),
        "data_security": _l("자료와 보안"),
        "documents": _l("값과 설명"),
    },
    "bundle_criterion_question": {
        "method": _l("인증서가 유효하고, 그 범위가 번들에서 맡은 역량을 담나요?"),
        "sample": _l("꼭 필요한 역량마다 맡은 솔루션이 있고, 품질과 단계가 맞나요?"),
        "effect": _l("데이터를 주고받는 솔루션이 적힌 규격이나 연결 장치로 이어지나요?"),
        "persistence": _l("누가 언제까지 답하고, 다음은 누구인지 빠짐없이 적었나요?"),
        "data_security": _l("솔루션 사이로 오가는 자료를 누가 맡나요?"),
        "documents": _l("값에 든 것이 분명하고, 설명이 솔루션마다의 인증 범위를 넘지 않나요?"),
    },
}

#: Field of a body → its name.
FIELDS: Mapping[str, object] = {
    "texts": _l("이름과 설명"),
    "wanted": _l("필요한 역량"),
    "exchanges": _l("데이터를 주고받는 역량"),
    "items": _l("솔루션"),
    "answers": _l("연동을 책임지는 기업"),
    "discount_amount": _l("할인"),
    "shares": _l("몫"),
    "duties": _l("책임"),
    "links": _l("연동"),
    "price_amount": _l("번들 가격"),
    "draft_number": _l("초안 번호"),
    "days": _l("서명 기한"),
    "escalates_to": _l("다음으로 답할 기업"),
    "hours": _l("답하기까지"),
    "quantity": _l("수량"),
    "part_sha256": _l("우리 몫의 지문"),
}

#: Act → what was done.
ACTS: Mapping[str, object] = {
    "bundle.begin": _l("번들 시작"),
    "bundle.break": _l("번들이 깨짐"),
    "bundle.change": _l("번들 초안 고침"),
    "bundle.deny": _l("번들에 서명하지 않음"),
    "bundle.expire": _l("번들 서명 기한 지남"),
    "bundle.look": _l("번들에 새로 생긴 문제 적음"),
    "bundle.mend": _l("번들의 문제 고침"),
    "bundle.mended": _l("깨진 번들이 돌아옴"),
    "bundle.price": _l("번들 가격과 몫 정함"),
    "bundle.publish": _l("번들 심사 요청"),
    "bundle.remind": _l("번들 서명 재촉"),
    "bundle.send": _l("번들 서명 요청"),
    "bundle.sign": _l("번들에 서명"),
    "bundle.take_back": _l("번들 서명 요청 거둠"),
    "bundle.withdraw": _l("번들 판매 중지"),
}

#: Class of a row → what it is called.
OBJECTS: Mapping[str, object] = {
    "Bundle": _l("번들"),
    "BundleVersion": _l("번들의 판"),
}

#: Code → why an act is refused.
REFUSALS: Mapping[str, object] = {
    "listing.of_bundle": _l("번들의 판매 화면은 모두가 서명한 판에서 만들어져요. 번들에서 고쳐 주세요."),
    "bundle.changed": _l("보는 동안 초안이 바뀌었어요. 새로 고쳐 지금 초안을 확인해 주세요."),
    "bundle.fix_gone": _l("그 사이에 상황이 바뀌어 이 방법으로는 고칠 수 없어요. 새로 고쳐 주세요."),
    "bundle.no_lead": _l("구매한 공장에 책임질 대표 기업이 없어요. 새 규약으로 정해 주세요."),
    "bundle.waits": _l(
        "바뀐 것이 없어요. 같은 내용의 판(v%(number)s)이 이미 서명이나 심사를 기다려요. 기한을 바꾸려면 먼저 그 판을 거둬 주세요."
    ),
    "bundle.conflicts": _l("먼저 고칠 문제가 %(count)s개 있어요."),
    "bundle.signing": _l("아직 서명을 받는 중인 판이에요."),
    "bundle.signed": _l("이미 모두 서명한 판이에요."),
    "bundle.in_force": _l("이미 판매 중인 판이에요."),
    "bundle.superseded": _l("지난 판이에요. 판매 중인 판을 봐 주세요."),
    "bundle.refused": _l("공급기업이 거절해 끝난 판이에요."),
    "bundle.expired": _l("서명 기한이 지난 판이에요."),
    "bundle.taken_back": _l("거둔 판이에요."),
    "bundle.withdrawn": _l("판매를 멈춘 판이에요."),
    "bundle.answered": _l("이미 답한 판이에요. 바꾸려면 코디네이터에게 새 판을 부탁해 주세요."),
    "bundle.reminded": _l("오늘 이미 알렸어요. 내일 다시 알릴 수 있어요."),
    "bundle.altered": _l("서명한 내용과 지문이 달라요. 이 판은 팔 수 없어요."),
    "bundle.consents": _l("모든 공급기업의 서명이 이 판에 있지 않아요."),
    "bundle.charter": _l("서명한 뒤에 규약이 바뀌었어요. 새 판에 다시 서명을 받아 주세요."),
    "bundle.submitted": _l("이미 심사를 요청했어요."),
    "bundle.not_signed": _l("모두 서명한 판이 없어요."),
    "bundle.not_in_force": _l("판매 중인 판이 없어요."),
}

#: Code → what is wrong with one field.
PROBLEMS: Mapping[str, object] = {
    "too_many_bundles": _l("한 얼라이언스는 번들을 %(max)s개까지 만들 수 있어요."),
    "demand_unseen": _l("이 얼라이언스에 보인 수요가 아니에요."),
    "unknown_listing": _l("스토어에 공개된 솔루션이 아니에요."),
    "unknown_plan": _l("그 솔루션에 없는 요금제예요."),
    "unknown_item": _l("초안에 없는 항목이에요: %(value)s"),
    "unknown_link": _l("초안에 없는 연동이에요."),
    "bundle_nested": _l("번들은 다른 번들에 넣을 수 없어요."),
    "plan_unpriced": _l("첫해 금액을 알 수 없는 요금제는 넣을 수 없어요."),
    "exchange_unwanted": _l("필요한 역량에 있는 서로 다른 두 역량을 골라 주세요."),
    "covered_twice": _l("한 역량은 한 솔루션만 맡을 수 있어요. 다른 쪽은 보조로 적어 주세요."),
    "item_idle": _l("맡거나 돕는 역량이 없는 솔루션이에요."),
    "link_side": _l("연동의 두 역량을 맡은 솔루션이 바뀌었어요."),
    "link_answers": _l("연동은 두 쪽 공급기업 가운데 하나가 책임져요."),
    "share_missing": _l("모든 공급기업과 대표 기업의 몫을 정해 주세요."),
    "share_outside": _l("이 번들에 솔루션이 없는 기업에는 몫을 줄 수 없어요."),
    "shares_sum": _l("번들 가격에서 몫을 모두 빼면 %(missing)s이 남아요. 0원이 되게 고쳐 주세요."),
    "shares_exceed": _l("몫의 합이 번들 가격보다 %(over)s 많아요."),
    "two_remainders": _l("나머지를 받는 기업은 하나만 정할 수 있어요."),
    "duty_missing": _l("모든 공급기업의 책임을 정해 주세요."),
    "duty_stranger": _l("이 번들에 솔루션이 없는 기업은 책임을 맡을 수 없어요."),
    "duty_cycle": _l("책임이 돌고 돌아요. 마지막은 대표 기업이어야 해요."),
    "duty_outside": _l("이 번들의 기업에게만 넘길 수 있어요."),
    "duty_ends_early": _l("책임은 대표 기업에서 끝나야 해요."),
    "no_common_industry": _l("모든 솔루션을 함께 쓸 수 있는 업종이 없어요."),
    "no_common_region": _l("모든 솔루션을 함께 공급하는 지역이 없어요."),
    "consent_unread": _l("읽었다는 칸에 표시해 주세요."),
    "bundle_other": _l("읽은 내용과 지금 내용이 달라요. 새로 고쳐 다시 읽어 주세요."),
}
