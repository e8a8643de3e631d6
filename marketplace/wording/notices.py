"""The words of notices: a line of `marketplace/notices/events.py` each, in the reader's language.

`%(name)s` are the params of `notices.tell`. Where there is a param `title_en`, it stands for `title` in English.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from catalog.bundle_states import BUNDLE


class Words(NamedTuple):
    """What the event is called among the settings, the subject line of its mail, and one sentence."""

    name: Any
    subject: Any
    sentence: Any


NOTICES: Mapping[str, Words] = {
    "organization.confirmed": Words(
        _l("기업 확인"),
        _l("%(organization)s을(를) 확인했습니다"),
        _l("%(organization)s의 기업 확인이 끝났어요. 이제 솔루션 심사를 요청할 수 있어요."),
    ),
    "review.approved": Words(
        _l("심사 승인"),
        _l("‘%(title)s’ 심사 결과"),
        _l("검증기관이 ‘%(title)s’을(를) 승인했어요. 이제 누구나 볼 수 있어요."),
    ),
    "review.sent_back": Words(
        _l("심사 보완 요청"),
        _l("‘%(title)s’ 심사 결과"),
        _l("검증기관이 ‘%(title)s’의 보완을 요청했어요. 지적을 보고 고쳐 주세요."),
    ),
    "match.new": Words(
        _l("새로 맞는 솔루션"),
        _l("‘%(demand)s’에 맞는 새 솔루션"),
        _l("새로 공개된 ‘%(title)s’이(가) 수요 ‘%(demand)s’의 조건에 맞아요."),
    ),
    "level_certificate.confirmed": Words(
        _l("수준확인서 확인"),
        _l("‘%(site)s’의 수준을 확인했습니다"),
        _l("운영자가 ‘%(site)s’의 수준확인서(%(number)s)를 확인했어요. 이제 매칭에 확인된 수준을 써요."),
    ),
    "level_certificate.refused": Words(
        _l("수준확인서 확인 거절"),
        _l("‘%(site)s’의 수준확인서를 확인하지 못했습니다"),
        _l("운영자가 ‘%(site)s’의 수준확인서(%(number)s)를 확인하지 못했어요. 이유를 보고 다시 올려 주세요."),
    ),
    "link.declared": Words(
        _l("거래 관계 신고"),
        _l("%(organization)s이(가) 거래 관계를 신고했습니다"),
        _l("%(organization)s이(가) 우리와 거래한다고 했어요. 맞으면 확인하고 아니면 아니라고 해 주세요."),
    ),
    "link.confirmed": Words(
        _l("거래 관계 확인"),
        _l("%(organization)s이(가) 거래 관계를 확인했습니다"),
        _l("%(organization)s과(와)의 거래 관계를 양쪽이 확인했어요."),
    ),
    "link.denied": Words(
        _l("거래 관계 부인"),
        _l("%(organization)s이(가) 거래 관계가 아니라고 했습니다"),
        _l("%(organization)s이(가) 신고한 거래 관계가 아니라고 했어요. 이유를 볼 수 있어요."),
    ),
    "link.ended": Words(
        _l("거래 관계 끝"),
        _l("%(organization)s과(와)의 거래 관계가 끝났습니다"),
        _l("%(organization)s이(가) 거래 관계를 끝내거나 거뒀어요. 공급망과 매칭에서 빠져요."),
    ),
    "chain.opened": Words(
        _l("공급망 열람 허락"),
        _l("%(organization)s이(가) 공급망을 보여 줍니다"),
        _l("%(organization)s이(가) 공급망을 우리도 볼 수 있게 했어요."),
    ),
    "lead.new": Words(
        _l("새 수요 제안"),
        _l("우리 회사가 답할 수 있는 새 수요"),
        _l("우리 회사가 답할 수 있는 새 수요가 있어요. %(hours)s시간 안에 답해 주세요."),
    ),
    "lead.named": Words(
        _l("우리 회사를 지정한 수요"),
        _l("수요기업이 우리 회사를 지정했습니다"),
        _l("수요기업이 우리 회사를 지정해 수요를 보여 줬어요. %(hours)s시간 안에 답해 주세요."),
    ),
    "lead.answered": Words(
        _l("공급기업의 연락 제안"),
        _l("‘%(demand)s’에 온 연락 제안"),
        _l("공급기업이 수요 ‘%(demand)s’에 연락을 청했어요. 받아들이면 서로의 이름과 연락처가 보여요."),
    ),
    "contact.accepted": Words(
        _l("수요기업이 연락을 받아들임"),
        _l("수요기업이 연락을 받아들였습니다"),
        _l("수요기업이 ‘%(title)s’의 연락을 받아들였어요. 이제 서로의 이름과 연락처가 보여요."),
    ),
    "contact.refused": Words(
        _l("수요기업이 연락을 받지 않음"),
        _l("수요기업의 답이 왔습니다"),
        _l("수요기업이 이번에는 ‘%(title)s’의 연락을 받지 않기로 했어요."),
    ),
    "alliance.invited": Words(
        _l("얼라이언스 초대"),
        _l("‘%(title)s’의 초대"),
        _l("얼라이언스 ‘%(title)s’이(가) 함께하자고 초대했어요. 규약을 읽고 답해 주세요."),
    ),
    "alliance.asked": Words(
        _l("얼라이언스 참여 신청"),
        _l("‘%(title)s’에 참여 신청이 왔습니다"),
        _l("%(organization)s이(가) ‘%(title)s’에 참여를 신청했어요. 받아들일지 답해 주세요."),
    ),
    "alliance.refused": Words(
        _l("얼라이언스 참여 신청 거절"),
        _l("‘%(title)s’ 참여 신청의 답"),
        _l("‘%(title)s’이(가) 참여 신청을 받아들이지 않았어요. 이유를 볼 수 있어요."),
    ),
    "alliance.joined": Words(
        _l("얼라이언스 참여"),
        _l("%(organization)s이(가) ‘%(title)s’에 참여했습니다"),
        _l("%(organization)s이(가) 규약에 동의하고 ‘%(title)s’에 참여했어요."),
    ),
    "alliance.declined": Words(
        _l("얼라이언스 초대 거절"),
        _l("%(organization)s이(가) ‘%(title)s’ 초대를 거절했습니다"),
        _l("%(organization)s이(가) ‘%(title)s’ 초대를 거절했어요. 이유를 볼 수 있어요."),
    ),
    "alliance.leaving": Words(
        _l("얼라이언스 탈퇴 예고"),
        _l("%(organization)s이(가) ‘%(title)s’에서 나갑니다"),
        _l("%(organization)s이(가) ‘%(title)s’ 탈퇴를 예고했어요. 마지막 날과 비는 역량을 확인해 주세요."),
    ),
    "alliance.staying": Words(
        _l("얼라이언스 탈퇴 예고 거둠"),
        _l("%(organization)s이(가) ‘%(title)s’에 남습니다"),
        _l("%(organization)s이(가) ‘%(title)s’ 탈퇴 예고를 거뒀어요."),
    ),
    "alliance.excluded": Words(
        _l("얼라이언스에서 제외"),
        _l("‘%(title)s’ 참여가 끝납니다"),
        _l("코디네이터가 ‘%(title)s’ 참여를 끝내기로 했어요. 이유와 마지막 날을 확인해 주세요."),
    ),
    "alliance.dissolved": Words(
        _l("얼라이언스 해산"),
        _l("‘%(title)s’이(가) 해산했습니다"),
        _l("얼라이언스 ‘%(title)s’이(가) 해산했어요. 보이던 수요는 더 보이지 않아요."),
    ),
    "alliance.demand": Words(
        _l("얼라이언스에 온 수요"),
        _l("‘%(title)s’에 새 수요가 왔습니다"),
        _l("‘%(title)s’에 새 수요가 보여요. 맡을 기업을 정해 주세요."),
    ),
    "charter.proposed": Words(
        _l("규약 제안"),
        _l("‘%(title)s’ 규약 v%(number)s의 동의를 기다립니다"),
        _l("‘%(title)s’의 규약 v%(number)s이(가) 제안됐어요. 읽고 동의해 주세요."),
    ),
    "charter.reminded": Words(
        _l("규약 동의 재촉"),
        _l("‘%(title)s’ 규약 v%(number)s의 동의를 기다리고 있습니다"),
        _l("‘%(title)s’의 규약 v%(number)s이(가) 우리 동의를 기다리고 있어요."),
    ),
    "charter.in_force": Words(
        _l("규약 시행"),
        _l("‘%(title)s’ 규약 v%(number)s이(가) 시행됩니다"),
        _l("모든 참여 기업이 동의해 ‘%(title)s’의 규약 v%(number)s이(가) 시행됐어요."),
    ),
    "bundle.asked": Words(
        _l("번들 서명 요청"),
        _l("‘%(title)s’ 번들의 서명을 기다립니다"),
        _l("번들 ‘%(title)s’ v%(number)s에 서명해 달라는 요청이 왔어요. 우리 몫과 책임을 읽고 답해 주세요."),
    ),
    "bundle.reminded": Words(
        _l("번들 서명 재촉"),
        _l("‘%(title)s’ 번들의 서명을 기다리고 있습니다"),
        _l("번들 ‘%(title)s’ v%(number)s이(가) 우리 서명을 기다리고 있어요."),
    ),
    "bundle.signed": Words(
        _l("번들에 모두 서명"),
        _l("‘%(title)s’ 번들에 모두 서명했습니다"),
        _l("모든 공급기업이 번들 ‘%(title)s’ v%(number)s에 서명했어요. 이제 심사를 요청할 수 있어요."),
    ),
    "bundle.refused": Words(
        _l("번들 서명 거절"),
        _l("‘%(title)s’ 번들에 서명하지 않은 기업이 있습니다"),
        _l("%(by)s이(가) 번들 ‘%(title)s’ v%(number)s에 서명하지 않았어요. 이 판은 끝났어요."),
    ),
    "bundle.taken_back": Words(
        _l("번들 서명 요청 취소"),
        _l("‘%(title)s’ 번들의 서명 요청이 취소되었습니다"),
        _l("코디네이터가 번들 ‘%(title)s’ v%(number)s을(를) 거둬들였어요. 받은 서명은 효력이 없어요."),
    ),
    "bundle.expired": Words(
        _l("번들 서명 기한 지남"),
        _l("‘%(title)s’ 번들의 서명 기한이 지났습니다"),
        _l("번들 ‘%(title)s’ v%(number)s의 서명을 기한까지 다 받지 못했어요. 다시 요청할 수 있어요."),
    ),
    "bundle.sent_back": Words(
        _l("번들 보완 요청"),
        _l("‘%(title)s’ 번들에 보완할 것이 있습니다"),
        _l("검증기관이 번들 ‘%(title)s’ v%(number)s의 보완을 요청했어요. 지적을 읽고 답해 주세요."),
    ),
    "bundle.published": Words(
        _l("번들 판매 시작"),
        _l("‘%(title)s’ 번들을 팝니다"),
        _l("번들 ‘%(title)s’ v%(number)s이(가) 심사를 마치고 스토어에 올랐어요."),
    ),
    "bundle.withdrawn": Words(
        _l("번들 판매 중지"),
        _l("‘%(title)s’ 번들의 판매를 멈췄습니다"),
        _l("번들 ‘%(title)s’이(가) 스토어에서 내려갔어요. 이미 산 공장에 대한 약속은 그대로예요."),
    ),
    "bundle.broken": Words(
        _l("번들이 깨짐"),
        _l("‘%(title)s’ 번들을 더 추천하지 않습니다"),
        _l(
            "번들 ‘%(title)s’의 솔루션에 문제가 생겨 고칠 때까지 추천에서 빠졌어요. 고칠 방법을 확인해 주세요."
        ),
    ),
    "bundle.conflict": Words(
        _l("번들에 생긴 문제"),
        _l("‘%(title)s’ 번들에 고칠 것이 생겼습니다"),
        _l("번들 ‘%(title)s’ v%(number)s에 고칠 것이 %(count)s개 생겼어요. 확인해 주세요."),
    ),
    "search.found": Words(
        _l("저장한 검색의 새 솔루션"),
        _l("저장한 검색 ‘%(name)s’의 새 솔루션"),
        _l("저장한 검색 ‘%(name)s’에 새로 공개된 솔루션이 %(count)s개 있어요."),
    ),
    "shortlist.changed": Words(
        _l("담아 둔 솔루션의 변화"),
        _l("담아 둔 ‘%(title)s’이(가) 바뀌었습니다"),
        _l("수요 ‘%(demand)s’에 담아 둔 ‘%(title)s’의 인증서나 가격, 공개 상태가 바뀌었어요."),
    ),
    "account.new_device": Words(
        _l("새 기기에서 로그인"),
        _l("새 기기에서 로그인했습니다"),
        _l(
            "처음 쓰는 기기(%(device)s)에서 %(at)s(한국 시각)에 내 계정으로 로그인했어요. 내가 아니라면 모든 기기에서 로그아웃하고 비밀번호를 바꿔 주세요."
        ),
    ),
    "account.password_changed": Words(
        _l("비밀번호 변경"),
        _l("비밀번호를 바꿨습니다"),
        _l("내 계정의 비밀번호를 새로 정했어요. 내가 아니라면 비밀번호 찾기로 바로 다시 정해 주세요."),
    ),
    "account.second_factor_on": Words(
        _l("두 단계 로그인 켜짐"),
        _l("두 단계 로그인을 켰습니다"),
        _l("이제 로그인할 때 인증 앱의 코드도 물어요."),
    ),
    "account.second_factor_off": Words(
        _l("두 단계 로그인 꺼짐"),
        _l("두 단계 로그인을 껐습니다"),
        _l("이제 로그인할 때 비밀번호만 물어요. 내가 끄지 않았다면 비밀번호를 바꾸고 다시 켜 주세요."),
    ),
    "rights.changed": Words(
        _l("권한 변경"),
        _l("%(organization)s에서 내 권한이 바뀌었습니다"),
        _l("%(organization)s의 관리자가 내 권한을 바꿨어요."),
    ),
    "member.removed": Words(
        _l("구성원에서 빠짐"),
        _l("%(organization)s의 구성원에서 빠졌습니다"),
        _l("이제 %(organization)s의 일을 볼 수 없고, 그 조직으로 일하던 토큰도 멈췄어요."),
    ),
    "join.requested": Words(
        _l("합류 요청"),
        _l("%(person)s 님이 합류를 요청했습니다"),
        _l("%(person)s 님이 우리 조직에 합류하고 싶어 해요. 동료가 맞으면 받아 주세요."),
    ),
    "join.accepted": Words(
        _l("합류 요청 수락"),
        _l("%(organization)s에 합류했습니다"),
        _l(
            "%(organization)s의 관리자가 합류 요청을 받아들였어요. 내 계정에서 그 조직을 골라 일할 수 있어요."
        ),
    ),
    "join.refused": Words(
        _l("합류 요청 거절"),
        _l("합류 요청 결과"),
        _l("%(organization)s의 관리자가 합류 요청을 받아들이지 않았어요."),
    ),
    "invitation.accepted": Words(
        _l("초대 수락"),
        _l("%(person)s 님이 초대를 받아들였습니다"),
        _l("%(person)s 님이 우리 조직의 구성원이 됐어요."),
    ),
    "hook.switched_off": Words(
        _l("웹훅 꺼짐"),
        _l("웹훅을 껐습니다"),
        _l("%(url)s로 보내는 웹훅이 %(days)s일 넘게 실패해서 껐어요. 받는 쪽을 고친 뒤 다시 켜 주세요."),
    ),
    "organization.registered": Words(
        _l("새로 등록한 기업"),
        _l("새로 등록한 기업: %(organization)s"),
        _l("확인을 기다리는 기업이 있어요: %(organization)s. 회사가 맞는지 확인해 주세요."),
    ),
    "report.made": Words(
        _l("신고 접수"),
        _l("‘%(title)s’ 신고가 들어왔습니다"),
        _l("‘%(title)s’에 대한 신고가 들어왔어요. 내용을 보고 처리해 주세요."),
    ),
    "level_certificate.handed_in": Words(
        _l("수준확인서 접수"),
        _l("확인을 기다리는 수준확인서: %(organization)s"),
        _l("%(organization)s이(가) ‘%(site)s’의 수준확인서를 올렸어요. 발급기관에 확인하고 답해 주세요."),
    ),
    "weights.published": Words(
        _l("가중치 공개"),
        _l("가중치 %(version)s을(를) 공개했습니다"),
        _l("%(from_on)s부터 만드는 목록은 가중치 %(version)s을(를) 써요."),
    ),
    "organization.refused": Words(
        _l("기업 확인 거절"),
        _l("%(organization)s을(를) 확인하지 못했습니다"),
        _l("%(organization)s의 기업 확인이 거절됐어요. 이유를 보고 고쳐서 다시 요청해 주세요."),
    ),
    "listing.suspended": Words(
        _l("솔루션 내림"),
        _l("운영자가 ‘%(title)s’을(를) 내렸습니다"),
        _l("운영자가 ‘%(title)s’을(를) 장터에서 내렸어요. 이유를 솔루션 화면에서 볼 수 있어요."),
    ),
    "listing.lifted": Words(
        _l("솔루션 다시 공개"),
        _l("‘%(title)s’을(를) 다시 공개했습니다"),
        _l("운영자가 내렸던 ‘%(title)s’이(가) 다시 장터에 보여요."),
    ),
    "report.decided": Words(
        _l("신고 처리 결과"),
        _l("‘%(title)s’ 신고를 처리했습니다"),
        _l("‘%(title)s’에 대해 신고하신 내용을 처리했어요."),
    ),
    "account.suspended": Words(
        _l("계정 정지"),
        _l("계정을 정지했습니다"),
        _l("운영자가 계정을 정지했어요. 로그인과 토큰이 모두 멈췄어요."),
    ),
    "account.restored": Words(
        _l("계정 정지 해제"),
        _l("계정 정지를 풀었습니다"),
        _l("운영자가 계정 정지를 풀었어요. 다시 로그인할 수 있어요."),
    ),
    "support.opened": Words(
        _l("운영자의 지원 열람"),
        _l("운영자가 %(organization)s의 화면을 열람합니다"),
        _l(
            "%(operator)s이(가) %(organization)s의 화면을 한 시간 동안 보기만 해요. 이유는 조직 정보에 있어요."
        ),
    ),
    "export.ready": Words(
        _l("데이터 사본 준비됨"),
        _l("요청한 데이터 사본이 준비됐습니다"),
        _l("요청한 데이터 사본을 7일 동안 받을 수 있어요."),
    ),
    "deletion.asked": Words(
        _l("조직 삭제 요청"),
        _l("%(organization)s의 삭제 요청"),
        _l("%(organization)s이(가) 조직을 지워 달라고 요청했어요."),
    ),
    "deletion.refused": Words(
        _l("조직 삭제 거절"),
        _l("%(organization)s의 삭제 요청에 대한 답"),
        _l("%(organization)s을(를) 지울 수 없어요. 이유를 확인해 주세요."),
    ),
    "deletion.done": Words(
        _l("조직 삭제됨"),
        _l("%(organization)s을(를) 지웠습니다"),
        _l("%(organization)s의 삭제 요청을 처리했어요. 이 조직으로는 더 일할 수 없어요."),
    ),
}

#: The same where what is told of is a bundle (param `kind`).
_OF_BUNDLES: Mapping[str, Words] = {
    "match.new": Words(
        NOTICES["match.new"].name,
        _l("‘%(demand)s’에 맞는 새 번들"),
        _l("새로 공개된 번들 ‘%(title)s’이(가) 수요 ‘%(demand)s’의 조건에 맞아요."),
    ),
}


def words_of(event: str, params: Mapping[str, Any]) -> Words:
    """The words of a notice with these params."""
    return (params.get("kind") == BUNDLE and _OF_BUNDLES.get(event)) or NOTICES[event]
