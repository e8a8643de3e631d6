"""The audit chain in words: what was done, to what, and what an entry says besides."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.wording import alliance_names, bundle_names, link_names
from marketplace.wording.names import name

#: Act → what was done. A test compares with the acts that the code records.
ACTS: Mapping[str, Any] = {
    **alliance_names.ACTS,
    **bundle_names.ACTS,
    **link_names.ACTS,
    "account.act_for": _l("일할 조직 고름"),
    "account.ask_for_proof": _l("이메일 확인 링크 요청"),
    "account.delete": _l("계정 삭제"),
    "account.end_session": _l("한 기기 로그아웃"),
    "account.end_sessions": _l("모든 기기 로그아웃"),
    "account.export": _l("내 데이터 사본 요청"),
    "account.make_token": _l("내 토큰 만듦"),
    "account.prove": _l("이메일 확인"),
    "account.renew_recovery_codes": _l("복구 코드 새로 받음"),
    "account.revoke_token": _l("내 토큰 폐기"),
    "account.set_password": _l("비밀번호 변경"),
    "account.sign_in": _l("로그인"),
    "account.sign_out": _l("로그아웃"),
    "account.sign_up": _l("가입"),
    "account.start_second_factor": _l("두 단계 로그인 준비"),
    "account.token": _l("비밀번호로 토큰 만듦"),
    "account.turn_second_factor_off": _l("두 단계 로그인 끔"),
    "account.turn_second_factor_on": _l("두 단계 로그인 켬"),
    "audit.verify": _l("감사 기록 확인"),
    "competitor.declare": _l("경쟁 관계 등록"),
    "deletion.carry_out": _l("조직 삭제"),
    "deletion.refuse": _l("삭제 요청 거절"),
    "demand.close": _l("수요 마감"),
    "demand.discard": _l("수요 초안 버림"),
    "demand.draft": _l("수요 초안 저장"),
    "demand.match": _l("추천 계산"),
    "demand.note": _l("담은 후보에 메모"),
    "demand.narrow": _l("수요 공개 거둠"),
    "demand.reopen": _l("수요 다시 엶"),
    "demand.revise": _l("수요 수정"),
    "demand.share": _l("목록을 보는 링크 만듦"),
    "demand.shortlist": _l("후보로 담음"),
    "demand.shortlist_order": _l("담은 후보 순서 바꿈"),
    "demand.state": _l("수요 등록"),
    "demand.widen": _l("수요 공개 넓힘"),
    "demand.unlist": _l("담은 후보 뺌"),
    "demand.unshare": _l("목록을 보는 링크 거둠"),
    "demand.what_if": _l("바꿔서 추천 계산"),
    "evidence.add": _l("근거 추가"),
    "evidence.attach": _l("근거에 파일 붙임"),
    "evidence.remove": _l("근거 삭제"),
    "evidence.revise": _l("근거 수정"),
    "file.upload": _l("파일 올림"),
    "hook.create": _l("웹훅 등록"),
    "hook.off": _l("웹훅 끔"),
    "hook.on": _l("웹훅 켬"),
    "hook.ping": _l("웹훅 시험 신호"),
    "hook.redeliver": _l("웹훅 다시 보냄"),
    "hook.remove": _l("웹훅 삭제"),
    "hook.rotate": _l("웹훅 비밀 값 바꿈"),
    "invitation.accept": _l("초대 수락"),
    "level_certificate.confirm": _l("수준확인서 확인"),
    "level_certificate.hand_in": _l("수준확인서 올림"),
    "level_certificate.refuse": _l("수준확인서 거절"),
    "capacity.state": _l("공급 여력 적음"),
    "contact.accept": _l("연락 받아들임"),
    "contact.refuse": _l("연락 받지 않음"),
    "lead.accept": _l("수요 제안 수락"),
    "lead.decline": _l("수요 제안 거절"),
    "lead.withdraw": _l("수요 제안 수락 거둠"),
    "search.forget": _l("저장한 검색 삭제"),
    "search.save": _l("검색 저장"),
    "listing.draft": _l("솔루션 작성"),
    "listing.lift": _l("솔루션 다시 공개"),
    "listing.recall": _l("심사 접수 취소"),
    "listing.reopen": _l("솔루션 새 판 열기"),
    "listing.revise": _l("솔루션 수정"),
    "listing.submit": _l("심사 요청"),
    "listing.suspend": _l("솔루션 내림"),
    "listing.withdraw": _l("솔루션 판매 중지"),
    "notices.choose": _l("알림 설정"),
    "notices.unsubscribe": _l("알림 그만 받기"),
    "operator.init": _l("운영자 만듦"),
    "organization.appoint": _l("검증기관 지정"),
    "organization.ask_again": _l("기업 확인 다시 요청"),
    "organization.ask_deletion": _l("조직 삭제 요청"),
    "organization.confirm": _l("기업 확인"),
    "organization.describe": _l("조직 정보 수정"),
    "organization.export": _l("조직 데이터 사본 요청"),
    "organization.join": _l("합류 요청"),
    "organization.leave": _l("조직에서 나감"),
    "organization.make_token": _l("조직 토큰 만듦"),
    "organization.refuse": _l("기업 확인 거절"),
    "organization.register": _l("조직 등록"),
    "organization.revoke_token": _l("조직 토큰 폐기"),
    "organization.take_role": _l("역할 추가"),
    "organization.withdraw_deletion": _l("삭제 요청 거둠"),
    "organization.withdraw_join": _l("합류 요청 거둠"),
    "outbox.retry": _l("멈춘 작업 다시 보냄"),
    "people.answer": _l("합류 요청에 답함"),
    "people.change_rights": _l("권한 변경"),
    "people.invite": _l("구성원 초대"),
    "people.remove": _l("구성원 내보냄"),
    "people.withdraw": _l("초대 거둠"),
    "programme.discard": _l("규칙 초안 버림"),
    "programme.draft": _l("규칙 초안 저장"),
    "programme.end": _l("규칙 끝냄"),
    "programme.publish": _l("규칙 공개"),
    "report.decide": _l("신고 처리"),
    "report.make": _l("신고"),
    "review.decide": _l("심사 판정"),
    "review.drop_remark": _l("지적 지움"),
    "review.judge": _l("심사"),
    "review.note": _l("심사 메모"),
    "review.remark": _l("지적 적음"),
    "review.score": _l("기준표 점수 적음"),
    "review.take": _l("심사 맡음"),
    "search.rebuild": _l("색인 다시 만들기"),
    "self_check.answer": _l("자가진단에 답함"),
    "self_check.finish": _l("자가진단 마침"),
    "self_check.start": _l("자가진단 시작"),
    "site.describe": _l("공장 정보 저장"),
    "support.end": _l("지원 열람 끝"),
    "support.open": _l("지원 열람 시작"),
    "support.view": _l("지원 열람 중 화면 봄"),
    "user.end_sessions": _l("로그인 모두 끝냄"),
    "user.lift": _l("계정 정지 해제"),
    "user.revoke_tokens": _l("토큰 모두 폐기"),
    "user.suspend": _l("계정 정지"),
    "weights.discard": _l("가중치 초안 버림"),
    "weights.draft": _l("가중치 초안 저장"),
    "weights.publish": _l("가중치 공개"),
}

#: Class of a row → what it is called. The chain keeps the class's name.
OBJECTS: Mapping[str, Any] = {
    **alliance_names.OBJECTS,
    **bundle_names.OBJECTS,
    **link_names.OBJECTS,
    "AbuseReport": _l("신고"),
    "ApiToken": _l("토큰"),
    "Assessment": _l("수준"),
    "AuditCheck": _l("감사 기록 확인"),
    "BackupRun": _l("백업"),
    "Certificate": _l("인증서"),
    "DataExport": _l("데이터 사본"),
    "DeletionRequest": _l("조직 삭제 요청"),
    "Demand": _l("수요"),
    "Evidence": _l("근거"),
    "Hook": _l("웹훅"),
    "HookDelivery": _l("웹훅이 보낸 것"),
    "Invitation": _l("초대"),
    "JoinRequest": _l("합류 요청"),
    "Lead": _l("연락 제안"),
    "LevelCertificate": _l("수준확인서"),
    "Listing": _l("등록한 솔루션"),
    "MatchList": _l("추천 목록"),
    "Membership": _l("구성원"),
    "Organization": _l("조직"),
    "Plan": _l("요금제 하나"),
    "ProgrammeRule": _l("지원사업 규칙"),
    "Release": _l("공개한 판"),
    "Review": _l("심사"),
    "SavedSearch": _l("저장한 검색"),
    "SelfCheck": _l("자가진단"),
    "ShareLink": _l("목록을 보는 링크"),
    "ShortlistItem": _l("담은 후보"),
    "Site": _l("공장"),
    "StoredFile": _l("파일"),
    "SupportAccess": _l("지원 열람"),
    "User": _l("계정"),
    "UserSession": _l("로그인한 기기"),
    "WeightsEdition": _l("가중치 판"),
}

#: What an entry says besides → what that is called, where `wording.name("field", …)` has no word for it.
FIELDS: Mapping[str, Any] = {
    "accept": _l("받아들임"),
    "audience": _l("읽는 사람"),
    "based_on": _l("처음 만든 판"),
    "before": _l("고치기 전"),
    "breaks": _l("끊긴 자리"),
    "competitor": _l("경쟁 기업"),
    "count": _l("횟수"),
    "demand": _l("수요"),
    "demands": _l("보이던 수요"),
    "ended": _l("끝낸 수"),
    "entries": _l("기록"),
    "event": _l("알림"),
    "findings": _l("찾은 문제"),
    "fix": _l("고친 방법"),
    "first": _l("처음 보낸 것"),
    "last_day": _l("마지막 날"),
    "list": _l("추천 목록"),
    "listing": _l("솔루션"),
    "message": _l("작업"),
    "messages": _l("작업"),
    "named": _l("지정한 기업 수"),
    "new": _l("새 주소"),
    "number": _l("번호"),
    "organization": _l("조직"),
    "owner": _l("맡은 기업"),
    "outcome": _l("결과"),
    "parts": _l("항목"),
    "projects_per_quarter": _l("분기에 시작할 수 있는 프로젝트"),
    "past_rules": _l("지난 규칙"),
    "path": _l("주소"),
    "question": _l("문항"),
    "questions": _l("문항"),
    "revision": _l("저장한 횟수"),
    "role": _l("역할"),
    "scopes": _l("토큰의 범위"),
    "second_factor": _l("두 단계 로그인"),
    "section": _l("화면"),
    "sha256": _l("파일 지문"),
    "signed_up": _l("새로 가입"),
    "started": _l("새로 시작"),
    "state": _l("상태"),
    "step": _l("단계"),
    "tokens": _l("토큰도 끝냄"),
    "topic": _l("주제"),
}

#: Which set of names the values of a field belong to.
VALUES: Mapping[str, str] = {
    "decision": "decision",
    "outcome": "report_state",
    "rights": "right",
    "role": "role",
    "scopes": "scope",
    "severity": "severity",
    "state": "link_state",
}


def act(code: str) -> str:
    """What was done; the code itself if it has no words."""
    return str(ACTS.get(code, code))


def meant(words: str) -> list[str]:
    """The acts whose words, in the reader's language, hold these; none for no words."""
    return [code for code, said in ACTS.items() if words and words.casefold() in str(said).casefold()]


def thing(kind: str) -> str:
    """What a row of that class is called; the class's name if it has no words."""
    return str(OBJECTS.get(kind, kind))


def detail(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What an entry says besides: (name of the field, its value in words), in the order in which it was said."""
    return [(_field(key), _value(key, value)) for key, value in said.items()]


def _field(key: str) -> str:
    return str(FIELDS[key]) if key in FIELDS else name("field", key)


def _value(key: str, value: Any) -> str:
    if key == "scopes" and value is None:
        return _("모든 권한")
    if value is None or not str(value):
        return _("없음")
    if isinstance(value, bool):
        return _("예") if value else _("아니요")
    if isinstance(value, Mapping):
        return ", ".join(f"{_field(inner)} {_value(inner, one)}" for inner, one in value.items())
    if isinstance(value, list):
        return ", ".join(_value(key, one) for one in value) or _("없음")
    return _word(key, str(value))


def _word(key: str, value: str) -> str:
    if key in VALUES:
        return ", ".join(name(VALUES[key], one) for one in value.split())
    if key in {"before", "after"}:  # of a demand's audience; anything else is its own words
        return name("audience", value)
    return name("field", value.partition("/")[0]) if key in {"section", "pointer"} else value
