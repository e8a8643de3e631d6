"""Names of codes: taxonomy terms, and the closed sets of words that the tables keep."""

from collections.abc import Mapping

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from catalog import taxonomy

#: (set, code) → its name on screens.
NAMES: Mapping[str, Mapping[str, object]] = {
    "role": {
        "vendor": _l("공급기업"),
        "manufacturer": _l("수요기업"),
        "validator": _l("검증기관"),
        "operator": _l("운영자"),
    },
    "right": {
        "admin": _l("관리자"),
        "member": _l("구성원"),
        "finance": _l("정산 담당"),
        "signer": _l("서명 담당"),
    },
    "organization_state": {"registered": _l("확인 전"), "confirmed": _l("확인됨")},
    "listing_state": {
        "draft": _l("작성 중"),
        "submitted": _l("심사 대기"),
        "sent_back": _l("보완 요청"),
        "published": _l("공개 중"),
        "withdrawn": _l("판매 중지"),
    },
    "review_state": {
        "waiting": _l("접수됨"),
        "taken": _l("심사 중"),
        "sent_back": _l("보완 요청"),
        "approved": _l("승인"),
    },
    "decision": {"approve": _l("승인"), "send_back": _l("보완 요청")},
    "severity": {"required": _l("필수 보완"), "advice": _l("권고")},
    "plan_kind": {
        "one_off": _l("한 번 결제"),
        "subscription": _l("구독(월)"),
        "project": _l("프로젝트(견적)"),
        "usage": _l("사용량"),
    },
    "basis": {"claimed": _l("공급기업 주장"), "document": _l("문서"), "field_proven": _l("현장 검증")},
    "evidence_kind": {"claim": _l("공급기업 주장"), "test_report": _l("시험 성적"), "field": _l("현장 검증")},
    "direction": {"lower": _l("낮을수록 좋은 지표"), "higher": _l("높을수록 좋은 지표")},
    "level_scale": {"company_level": _l("기업 수준"), "system_level": _l("구축시스템 수준")},
    "level_basis": {
        "self_reported": _l("기업이 적은 값"),
        "certificate_claimed": _l("수준확인서 보유(확인 전)"),
    },
    "level_value": {
        "1": _l("수준 1"),
        "2": _l("수준 2"),
        "3": _l("수준 3"),
        "4": _l("수준 4"),
        "5": _l("수준 5"),
    },
    "price_band": {
        "under_10m": _l("1천만 원 이하"),
        "10m_30m": _l("1천만~3천만 원"),
        "30m_50m": _l("3천만~5천만 원"),
        "50m_100m": _l("5천만~1억 원"),
        "over_100m": _l("1억 원 넘음"),
        "on_request": _l("가격 문의"),
    },
    "validation": {
        "field": _l("현장 검증"),
        "test_report": _l("시험 성적"),
        "document": _l("서류 심사"),
        "expired": _l("재검증 필요"),
    },
    "facet": {
        "capability": _l("솔루션 유형"),
        "industry": _l("업종"),
        "level": _l("기업 수준"),
        "price": _l("첫해 목록가"),
        "region": _l("지역"),
        "validation": _l("검증"),
    },
    "sort": {
        "relevance": _l("추천 순"),
        "newest": _l("최근 승인 순"),
        "price": _l("첫해 비용 낮은 순"),
        "evidence": _l("검증 사례 많은 순"),
        "title": _l("이름 순"),
    },
    "criterion": {
        "method": _l("측정 방법의 타당성"),
        "sample": _l("표본과 대표성"),
        "effect": _l("효과의 크기와 폭"),
        "persistence": _l("효과의 지속"),
        "data_security": _l("자료와 보안"),
        "documents": _l("설치와 운영 문서"),
    },
    "criterion_question": {
        "method": _l("도입 전후 조건이 같은가요?"),
        "sample": _l("현장과 유형을 고르게 담았나요?"),
        "effect": _l("값과 폭을 함께 냈나요? 나빠진 결과도 있나요?"),
        "persistence": _l("안정화 뒤에도 이어졌나요?"),
        "data_security": _l("자료를 어디에 얼마나 두나요?"),
        "documents": _l("따라 할 수 있는 문서가 있나요?"),
    },
    "axis": {
        "capability": _l("역량"),
        "maturity": _l("수준과 상승 폭"),
        "industry": _l("업종"),
        "supply_chain": _l("공급망"),
        "interfaces": _l("연동"),
        "evidence": _l("근거 강도"),
        "price": _l("예산 대비 목록가"),
        "region": _l("지역·납기"),
        "capacity": _l("공급 여력"),
    },
    "heading": {
        "task": _l("공정·과제"),
        "level": _l("수준"),
        "connection": _l("공급망·연동"),
        "proof": _l("검증"),
        "cost": _l("비용"),
        "delivery": _l("도입"),
    },
    "exclusion": {
        "certificate": _l("검증 인증서의 기한이 지났어요"),
        "level": _l("우리 공장의 기업 수준에 맞지 않아요"),
        "region": _l("우리 지역에 공급하지 않아요"),
        "must_capability": _l("꼭 필요한 역량이 모자라요"),
        "price_over_budget": _l("첫해 목록가가 예산의 1.5배를 넘어요"),
    },
    "demand_state": {"open": _l("진행 중"), "closed": _l("마감")},
    "field": {
        "title": _l("이름"),
        "title_en": _l("영문 이름"),
        "summary": _l("한 줄 소개"),
        "summary_en": _l("영문 한 줄 소개"),
        "description": _l("설명"),
        "description_en": _l("영문 설명"),
        "capabilities": _l("역량"),
        "industries": _l("업종"),
        "industry": _l("업종"),
        "processes": _l("공정"),
        "interfaces": _l("연동 규격"),
        "regions": _l("공급 지역"),
        "region": _l("지역"),
        "deployment": _l("설치 방식"),
        "level": _l("기업 수준"),
        "install_weeks": _l("도입 기간"),
        "plans": _l("요금제"),
        "evidence": _l("근거"),
        "organization": _l("기업 확인"),
        "requirements": _l("필요한 역량"),
        "budget_amount": _l("예산"),
        "deadline": _l("희망 기한"),
        "target_level": _l("목표 수준"),
        "headcount": _l("인원"),
        "systems": _l("쓰고 있는 시스템"),
        "name": _l("이름"),
        "email": _l("이메일"),
        "password": _l("비밀번호"),
        "registration_number": _l("사업자등록번호"),
        "roles": _l("역할"),
        "file": _l("파일"),
        "files": _l("파일"),
        "method": _l("측정 방법"),
        "sample": _l("표본"),
        "verified_by": _l("확인한 곳"),
        "kpi": _l("지표"),
        "unit": _l("단위"),
        "baseline": _l("도입 전"),
        "after": _l("도입 후"),
        "price_amount": _l("금액"),
        "setup_amount": _l("설치비"),
        "trial_days": _l("체험 기간"),
        "quality": _l("품질"),
        "basis": _l("근거 종류"),
        "capability": _l("역량"),
        "kind": _l("종류"),
        "site": _l("현장 정보"),
        "baseline_from": _l("도입 전 측정 시작"),
        "baseline_to": _l("도입 전 측정 끝"),
        "after_from": _l("도입 후 측정 시작"),
        "after_to": _l("도입 후 측정 끝"),
        "points": _l("기준표 점수"),
        "findings": _l("지적"),
        "statement": _l("검증한 범위"),
        "site_id": _l("공장"),
        "ksic": _l("KSIC 코드"),
        "scale": _l("수준의 종류"),
        "value": _l("수준 값"),
        "must": _l("필요한 정도"),
        "min_quality": _l("최소 품질"),
        "expires_on": _l("인증서 만료일"),
        "finding": _l("지적"),
        "pointer": _l("항목"),
        "severity": _l("정도"),
        "text": _l("내용"),
        "internal": _l("내부 메모"),
        "vendor": _l("공급기업에 전할 말"),
        "decision": _l("판정"),
        "no_conflict": _l("이해관계 확인"),
        "from": _l("필요한 수준"),
        "to": _l("도달 수준"),
        "direction": _l("좋은 방향"),
    },
    "rule": {
        "1.1": _l("한 줄 소개"),
        "1.2": _l("설명"),
        "1.3": _l("영문 이름과 소개, 설명"),
        "2.1": _l("역량"),
        "2.2": _l("업종"),
        "2.3": _l("공급 지역"),
        "2.4": _l("설치 방식"),
        "2.5": _l("필요한 수준과 도달 수준"),
        "2.6": _l("연동 규격"),
        "2.7": _l("공정"),
        "2.8": _l("도입 기간"),
        "3.1": _l("요금제"),
        "3.2": _l("요금제의 금액"),
        "3.3": _l("역량마다 품질"),
        "3.4": _l("적용 범위 안의 품질"),
        "3.5": _l("현장 검증의 뒷받침"),
        "4.1": _l("근거 기록"),
        "4.2": _l("측정 방법"),
        "4.3": _l("측정 기간"),
        "4.4": _l("표본"),
        "4.5": _l("현장의 업종과 인원"),
        "4.6": _l("원자료 파일"),
        "4.7": _l("확인한 곳"),
        "5.1": _l("기업 확인"),
    },
}


def name(group: str, code: object) -> str:
    """The name of a code in one of the closed sets; the code itself if the set does not have it."""
    found = NAMES[group].get(str(code))
    return str(code) if found is None else str(found)


def own_words(korean: str, english: str) -> str:
    """People's own text in the reader's language: the English one if it is asked for and there is one."""
    return english if english and str(get_locale() or "ko") == "en" else korean


def term_name(scheme: str, code: str, revision: str | None = None) -> str:
    """The name of a taxonomy term in the reader's language; the code itself if it is unknown."""
    term = taxonomy.find(scheme, code, revision)
    return code if term is None else term.name(str(get_locale() or "ko"))


def industry_name(key: Mapping[str, str]) -> str:
    """The name of an industry by (revision, code). Depths beyond the built-in table are called by their group or
    division, with the exact code, until the reader's page looks them up in the official list."""
    code = key["code"]
    term = taxonomy.find("ksic", code, key["revision"])
    shorter = code
    while term is None and len(shorter) > 2:
        shorter = shorter[:-1]
        term = taxonomy.find("ksic", shorter, key["revision"])
    if term is None:
        return code
    named = term.name(str(get_locale() or "ko"))
    return named if shorter == code else f"{named} ({code})"
