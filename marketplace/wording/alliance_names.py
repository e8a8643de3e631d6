"""Names and sentences of what alliances are made of."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from marketplace.wording import composing_names

#: (set, code) → its name on screens.
SETS: Mapping[str, Mapping[str, object]] = {
    **composing_names.SETS,
    "alliance_state": {"forming": _l("준비 중"), "active": _l("활동 중"), "dissolved": _l("해산")},
    "membership": {
        "invited": _l("초대받음"),
        "asked": _l("참여 신청"),
        "withdrawn": _l("거둠"),
        "declined": _l("거절"),
        "joined": _l("참여 중"),
        "leaving": _l("탈퇴 예고"),
        "left": _l("탈퇴"),
        "excluded": _l("제외"),
    },
    "charter_state": {
        "proposed": _l("동의 받는 중"),
        "in_force": _l("시행 중"),
        "superseded": _l("지난 판"),
        "taken_back": _l("거둔 제안"),
    },
    "cover_basis": {
        "field": _l("현장 검증"),
        "test_report": _l("시험 성적"),
        "document": _l("서류 심사"),
        "claimed": _l("공급기업 주장"),
    },
    "pipeline_stage": {
        "new": _l("답 전"),
        "asked": _l("연락을 청함"),
        "met": _l("연락 중"),
        "over": _l("끝남"),
    },
    "charter_fact": {
        "lead": _l("대표 기업"),
        "level_from": _l("가장 낮은 수준"),
        "level_to": _l("가장 높은 수준"),
        "notice_days": _l("탈퇴 예고 기간"),
        "answer_hours": _l("수요에 답하는 시간"),
        "text": _l("규약 본문"),
        "text_en": _l("규약 본문(영어)"),
    },
    "part_change": {"added": _l("더함"), "gone": _l("빠짐"), "changed": _l("바뀜")},
}

#: Field → its name.
FIELDS: Mapping[str, object] = {
    **composing_names.FIELDS,
    "alliance": _l("얼라이언스"),
    "purpose": _l("하는 일"),
    "purpose_en": _l("하는 일(영어)"),
    "division": _l("관련 분과"),
    "member": _l("우리의 역할"),
    "members": _l("참여 기업"),
    "role_en": _l("역할(영어)"),
    "organization_id": _l("기업"),
    "lead": _l("대표 기업"),
    "level_from": _l("가장 낮은 수준"),
    "level_to": _l("가장 높은 수준"),
    "notice_days": _l("탈퇴 예고 기간"),
    "answer_hours": _l("수요에 답하는 시간"),
    "text_en": _l("본문(영어)"),
    "sha256": _l("규약 지문"),
    "accept": _l("답"),
    "owner_id": _l("맡은 기업"),
}

#: Act → what was done.
ACTS: Mapping[str, object] = {
    **composing_names.ACTS,
    "alliance.answer": _l("얼라이언스 참여 신청에 답함"),
    "alliance.ask": _l("얼라이언스 참여 신청"),
    "alliance.assign": _l("얼라이언스 수요를 맡을 기업 정함"),
    "alliance.decline": _l("얼라이언스 초대 거절"),
    "alliance.describe": _l("얼라이언스 소개 고침"),
    "alliance.dissolve": _l("얼라이언스 해산"),
    "alliance.end_notice": _l("얼라이언스 탈퇴 예고 기간 끝남"),
    "alliance.exclude": _l("얼라이언스에서 제외"),
    "alliance.found": _l("얼라이언스 만듦"),
    "alliance.invite": _l("얼라이언스에 초대"),
    "alliance.join": _l("얼라이언스 참여"),
    "alliance.leave": _l("얼라이언스 탈퇴 예고"),
    "alliance.stay": _l("얼라이언스 탈퇴 예고 거둠"),
    "alliance.take_back": _l("얼라이언스 초대나 신청 거둠"),
    "charter.accept": _l("규약에 동의"),
    "charter.propose": _l("규약 제안"),
    "charter.remind": _l("규약 동의 재촉"),
    "charter.withdraw": _l("규약 제안 거둠"),
}

#: Class of a row → what it is called.
OBJECTS: Mapping[str, object] = {
    **composing_names.OBJECTS,
    "Alliance": _l("얼라이언스"),
    "AllianceCharter": _l("얼라이언스 규약"),
    "AllianceLead": _l("얼라이언스에 보인 수요"),
    "AllianceMember": _l("얼라이언스 참여"),
}

#: Code → why an act is refused.
REFUSALS: Mapping[str, object] = {
    **composing_names.REFUSALS,
    "alliance.vendor": _l("운영자가 확인한 공급기업만 얼라이언스를 만들거나 참여할 수 있어요."),
    "alliance.forming": _l("아직 규약이 없는 얼라이언스예요. 규약이 시행된 뒤에 할 수 있어요."),
    "alliance.active": _l("이미 활동 중인 얼라이언스예요."),
    "alliance.dissolved": _l("해산한 얼라이언스예요."),
    "alliance.member": _l("이미 참여하고 있는 기업이에요."),
    "alliance.lead": _l("대표 기업이에요. 새 규약으로 대표 기업을 바꾼 뒤에 나갈 수 있어요."),
    "alliance.gone": _l("탈퇴 예고 기간이 끝나서 거둘 수 없어요."),
    "alliance.not_member": _l("이 규약에 동의할 참여 기업이 아니에요."),
    "alliance.excluded": _l("제외된 기업이에요. 코디네이터가 다시 초대하면 참여할 수 있어요."),
    "alliance.is_invited": _l("이미 초대한 기업이에요. 답을 기다리고 있어요."),
    "alliance.is_asked": _l("이미 참여를 신청한 기업이에요. 신청에 답해 주세요."),
    "alliance.is_withdrawn": _l("거둔 초대나 신청이에요."),
    "alliance.is_declined": _l("이미 거절한 초대나 신청이에요."),
    "alliance.is_joined": _l("이미 참여하고 있는 기업이에요."),
    "alliance.is_leaving": _l("이미 탈퇴를 예고한 기업이에요."),
    "alliance.is_left": _l("이미 탈퇴한 기업이에요."),
    "charter.in_force": _l("이미 시행 중인 규약이에요."),
    "charter.superseded": _l("지난 규약이에요. 시행 중인 규약을 봐 주세요."),
    "charter.taken_back": _l("거둔 규약 제안이에요. 새 제안이 있는지 확인해 주세요."),
    "charter.reminded": _l("오늘 이미 알렸어요. 내일 다시 알릴 수 있어요."),
}

#: Code → what is wrong with one field.
PROBLEMS: Mapping[str, object] = {
    **composing_names.PROBLEMS,
    "alliances_too_many": _l("한 기업은 얼라이언스를 %(max)s개까지 운영할 수 있어요."),
    "too_many_members": _l("한 얼라이언스에는 초대와 신청까지 %(max)s곳까지 있을 수 있어요."),
    "not_a_member": _l("지금 이 얼라이언스의 참여 기업이 아니에요."),
    "charter_lead": _l("나갈 예정이 없는 참여 기업을 대표로 골라 주세요."),
    "charter_members": _l("규약에는 모든 참여 기업이 있어야 해요. 빠진 기업: %(names)s"),
    "charter_other": _l("읽은 규약이 지금 규약과 달라요. 새로 고쳐 다시 읽어 주세요."),
    "alliance_unknown": _l("그런 얼라이언스가 없어요. 목록에서 골라 주세요."),
    "alliance_only": _l("얼라이언스는 공개 범위로 ‘얼라이언스 한 곳’을 골랐을 때만 정할 수 있어요."),
    "alliance_other": _l("이미 다른 얼라이언스가 보고 있어요. 먼저 그 공개를 거둬 주세요."),
    "alliance_not_active": _l("지금 수요를 받을 수 없는 얼라이언스예요. 책임질 대표 기업이 있어야 해요."),
}
