"""What is wrong, in words: refusals, problems at fields, findings by rule."""

from collections.abc import Mapping
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from catalog.errors import Problem
from catalog.validation.rules import Finding
from marketplace.formats import exact_won
from marketplace.wording import alliance_names, bundle_names, composing_names
from marketplace.wording.names import name, term_name

#: Title of an answer that refuses.
REFUSALS: Mapping[str, Any] = {
    "invalid": _l("입력한 내용을 고쳐 주세요."),
    "not_found": _l("찾는 내용이 없거나 볼 수 있는 권한이 없어요."),
    "link_gone": _l(
        "이미 썼거나 기한이 지났거나 잘못된 링크예요. 로그인해서 확인하거나 새 링크를 받아 주세요."
    ),
    "sign_in_needed": _l("로그인이 필요해요."),
    "role_missing": _l("지금 고른 조직의 역할로는 할 수 없는 일이에요."),
    "right_missing": _l("이 일은 ‘%(rights)s’ 권한이 있어야 해요. 권한을 줄 수 있는 사람: %(admins)s"),
    "hook.too_many": _l("웹훅은 조직마다 %(max)s개까지 등록할 수 있어요."),
    "hook.off": _l("꺼 둔 웹훅이에요. 먼저 켜 주세요."),
    "hook.waiting": _l("아직 보내는 중이에요."),
    "scope_missing": _l("이 토큰에 주지 않은 권한이에요. 필요한 범위(scope): %(scopes)s"),
    "csrf": _l("화면을 연 지 오래됐어요. 새로 고친 뒤 다시 보내 주세요."),
    "retry_later": _l("시도가 너무 많았어요. %(minutes)s분쯤 뒤에 다시 해 주세요."),
    "unavailable": _l("지금은 저장할 수 없어요. 잠시 뒤 다시 해 주세요."),
    "idempotency_running": _l("같은 Idempotency-Key의 요청을 아직 처리하고 있어요."),
    "already_exists": _l("같은 내용이 방금 저장됐어요. 새로 고쳐 확인해 주세요."),
    "http_400": _l("요청을 읽을 수 없어요."),
    "http_404": _l("찾는 내용이 없거나 볼 수 있는 권한이 없어요."),
    "http_405": _l("이 주소에서는 할 수 없는 요청이에요."),
    "http_406": _l("요청한 형식으로 답할 수 없어요."),
    "http_413": _l("보낸 내용이 너무 커요. 파일은 20 MB까지 올릴 수 있어요."),
    "http_415": _l("보낸 내용의 형식을 읽을 수 없어요."),
    "http_422": _l("입력한 내용을 고쳐 주세요."),
    "http_500": _l("저희 쪽에 문제가 생겼어요. 적은 내용은 저장되지 않았어요. 잠시 뒤 다시 해 주세요."),
    "organization.unconfirmed": _l("운영자가 확인한 기업만 할 수 있어요."),
    "organization.confirmed": _l("이미 확인한 기업이에요."),
    "organization.corrected": _l("보는 동안 회사가 이름이나 번호를 고쳤어요. 다시 보고 확인해 주세요."),
    "organization.not_refused": _l("확인이 거절된 기업만 다시 요청할 수 있어요."),
    "user.last_operator": _l("마지막 운영 관리자는 정지할 수 없어요."),
    "user.self": _l("내 계정은 내가 정지할 수 없어요."),
    "report.decided": _l("이미 처리한 신고예요."),
    "support.reading": _l("지원 열람은 보기만 할 수 있어요. 열람을 끝낸 뒤에 해 주세요."),
    "support.own": _l("내가 속한 조직이나 운영 조직은 열람 대상이 아니에요."),
    "validator.role": _l("검증기관만 심사할 수 있어요."),
    "conflict.own_organization": _l("우리 조직의 솔루션은 심사할 수 없어요."),
    "conflict.person": _l("내가 속한 조직의 솔루션은 심사할 수 없어요."),
    "conflict.competitor": _l("경쟁 관계로 등록된 기업의 솔루션은 심사할 수 없어요."),
    "listing.locked": _l(
        "지금 상태에서는 고칠 수 없어요. 심사 중이면 접수를 취소하고, 공개 중이면 새 판을 여세요."
    ),
    "listing.state": _l("지금 상태에서는 할 수 없는 일이에요."),
    "review.taken": _l("검증기관이 이미 심사를 시작했어요."),
    "review.not_taken": _l("먼저 심사를 맡아 주세요. 끝난 심사는 고칠 수 없어요."),
    "evidence.published": _l("공개된 근거는 고치거나 지울 수 없어요. 틀린 값은 새 근거로 바로잡아 주세요."),
    "share.too_many": _l("열린 링크가 이미 %(max)s개예요. 쓰지 않는 링크를 거두고 다시 만들어 주세요."),
    "shortlist.full": _l("후보는 %(max)s개까지 담을 수 있어요. 하나를 빼고 다시 담아 주세요."),
    "shortlist.changed": _l("그사이 다른 사람이 메모를 고쳤어요. 새로 고쳐 확인한 뒤 다시 저장해 주세요."),
    "export.too_many": _l(
        "받을 수 있는 사본이 이미 %(max)s개 있어요. 그것을 받거나 기한이 지난 뒤에 다시 만들어 주세요."
    ),
    "deletion.answered": _l("이미 답했거나 거둔 요청이에요."),
    "deletion.not_refused": _l(
        "확인을 거절한 기업만 여기에서 지울 수 있어요. 다른 기업은 스스로 요청해야 해요."
    ),
    "deletion.operator": _l("운영자의 조직은 지울 수 없어요."),
    "deletion.review": _l("심사 중인 솔루션이 있어요. 심사가 끝난 뒤에 지울 수 있어요."),
    "self_check.finished": _l("끝난 자가진단이에요. 다시 하려면 새로 시작해 주세요."),
    "self_check.unanswered": _l("아직 답하지 않은 문항이 %(num)s개 있어요."),
    "demand.closed": _l("마감한 수요예요."),
    "demand.draft": _l("아직 초안이에요. 먼저 등록해 주세요."),
    "demand.open": _l("진행 중인 수요예요."),
    "demand.version": _l("보는 동안 다른 사람이 고쳤어요. 바뀐 내용을 보고 다시 저장해 주세요."),
    "demand.wider_already": _l("이미 더 넓게 보이고 있어요. 좁히려면 ‘공개 거두기’를 쓰세요."),
    "level_certificate.decided": _l("이미 답한 수준확인서예요."),
    "level_certificate.ended": _l("유효기간이 끝난 수준확인서예요. 이유를 적어 거절해 주세요."),
    "level_certificate.number_taken": _l(
        "같은 번호의 수준확인서를 이미 확인했어요. 한 번호는 한 번만 확인해요."
    ),
    "level_certificate.too_many": _l("답을 기다리는 수준확인서가 이미 %(max)s건 있어요."),
    "link.own": _l("우리가 신고한 관계예요. 상대가 답해야 해요."),
    "link.answer": _l("상대가 신고한 관계예요. 확인하거나 아니라고 답해 주세요."),
    "link.answered": _l("이미 확인한 관계예요."),
    "link.over": _l("이미 끝난 관계예요."),
    "link.imported": _l("이미 신고한 명단이에요."),
    "lead.answered": _l("이미 답한 제안이에요. 새로 고쳐서 지금 상태를 확인해 주세요."),
    "lead.gone": _l("수요가 마감되었거나 공개를 거두었어요. 이제 답할 수 없어요."),
    **alliance_names.REFUSALS,
    **bundle_names.REFUSALS,
    **composing_names.REFUSALS,
    "capacity.vendor": _l("공급기업만 적을 수 있어요."),
    "email.unproved": _l("먼저 내 계정에서 이메일을 확인해 주세요."),
    "email.proved": _l("이미 확인한 이메일이에요."),
    "second_factor.on": _l("두 단계 로그인을 이미 켰어요."),
    "second_factor.off": _l("두 단계 로그인이 꺼져 있어요."),
    "member.already": _l("이미 그 조직의 구성원이에요."),
    "member.last_admin": _l("마지막 관리자예요. 다른 사람에게 관리자 권한을 준 뒤에 할 수 있어요."),
    "invitation.accepted": _l("이미 받아들인 초대예요."),
    "invitation.address": _l("다른 이메일로 온 초대예요. 초대받은 주소로 로그인해 주세요."),
    "join_request.answered": _l("이미 답한 합류 요청이에요."),
    "edition.published": _l("이미 공개한 판이에요. 공개한 판은 고칠 수 없어요."),
    "edition.changed": _l("보는 동안 초안이 다시 저장됐어요. 바뀐 초안을 보고 공개해 주세요."),
    "programme.state": _l("지금 상태에서는 할 수 없는 일이에요. 공개한 규칙은 고치지 않고 끝내요."),
}

#: What is wrong with one field.
PROBLEMS: Mapping[str, Any] = {
    "required": _l("꼭 적어 주세요."),
    "null": _l("비워 둘 수 없어요."),
    "unknown_field": _l("모르는 항목이에요."),
    "text": _l("글자로 적어 주세요."),
    "integer": _l("정수로 적어 주세요."),
    "number": _l("숫자로 적어 주세요."),
    "decimal": _l("숫자로 적어 주세요. 소수점 아래 6자리까지 쓸 수 있어요."),
    "boolean": _l("참 또는 거짓으로 적어 주세요."),
    "date": _l("날짜를 2026-11-21처럼 적어 주세요."),
    "list": _l("목록으로 보내 주세요."),
    "object": _l("항목의 묶음으로 보내 주세요."),
    "uuid": _l("식별자 형식이 아니에요."),
    "json": _l("JSON 형식이 아니에요."),
    "choice": _l("정해진 값 가운데 골라 주세요."),
    "lead_listing": _l("지금 공개되어 있고 이 수요에 맞는 우리 솔루션을 골라 주세요."),
    "saved_search.too_many": _l("저장한 검색은 조직마다 %(max)s개까지예요."),
    "search_query": _l("솔루션 찾기 주소의 물음표 뒤를 그대로 적어 주세요. 모르는 조건: %(value)s"),
    "search_empty": _l("검색어나 조건이 하나는 있어야 저장할 수 있어요."),
    "search_name_taken": _l("같은 이름의 저장한 검색이 있어요."),
    "email": _l("이메일 주소를 name@company.co.kr처럼 적어 주세요."),
    "email_taken": _l("이미 가입한 이메일이에요. 로그인해 주세요."),
    "control_characters": _l("보이지 않는 제어 문자가 들어 있어요. 지우고 다시 적어 주세요."),
    "too_short": _l("%(min)s자 이상 적어 주세요."),
    "too_long": _l("%(max)s자까지 적을 수 있어요."),
    "too_few": _l("%(min)s개 이상 골라 주세요."),
    "too_many": _l("%(max)s개까지만 넣을 수 있어요."),
    "range": _l("%(min)s에서 %(max)s 사이로 적어 주세요."),
    "share_percent": _l("0.01에서 100 사이의 퍼센트로 적어 주세요. 소수점 아래 2자리까지 쓸 수 있어요."),
    "percent": _l("0에서 100 사이의 퍼센트로 적어 주세요. 소수점 아래 2자리까지 쓸 수 있어요."),
    "amount_range": _l("0원에서 1조 원 사이의 금액을 적어 주세요."),
    "amount_whole": _l("0원에서 1조 원 사이의 금액을 원 단위 정수로 적어 주세요."),
    "unknown_code": _l("목록에 없는 값이에요: %(value)s"),
    "given_twice": _l("한 번만 보내 주세요."),
    "repeated": _l("같은 값이 두 번 있어요: %(value)s"),
    "level_order": _l("도달 수준은 필요한 수준보다 낮을 수 없어요."),
    "period_order": _l("기간의 앞뒤가 바뀌었어요."),
    "future": _l("아직 오지 않은 날짜예요."),
    "past": _l("이미 지난 날짜예요."),
    "credentials": _l("이메일이나 비밀번호가 맞지 않아요."),
    "password_common": _l("너무 흔하거나 짐작하기 쉬운 비밀번호예요. 서로 관계없는 낱말을 여럿 이어 보세요."),
    "password_wrong": _l("비밀번호가 맞지 않아요."),
    "name_differs": _l("이름이 달라요. 위에 적힌 대로 적어 주세요."),
    "suspended": _l("운영자가 이용을 멈춘 계정이에요. 운영자에게 문의해 주세요."),
    "code_wrong": _l("코드가 맞지 않거나 이미 썼어요. 새로 나온 코드를 적어 주세요."),
    "code_needed": _l("두 단계 로그인을 켠 계정이에요. 인증 앱의 코드도 보내 주세요."),
    "email_same": _l("지금 쓰는 이메일과 같아요."),
    "already_member": _l("이미 구성원인 사람의 이메일이에요."),
    "password_weak": _l("이메일과 같은 비밀번호는 쓸 수 없어요."),
    "registration_number": _l("사업자등록번호가 아니에요. 10자리 숫자를 다시 확인해 주세요."),
    "registration_number_taken": _l("이미 등록된 사업자등록번호예요. 우리 회사라면 합류를 요청해 주세요."),
    "confirmed_fact": _l("운영자가 확인한 내용이에요. 바꾸려면 운영자에게 알려 주세요."),
    "unknown_organization": _l("그 번호로 등록된 다른 기업이 없어요."),
    "file_missing": _l("파일을 골라 주세요."),
    "file_too_large": _l("파일이 너무 커요. %(max_mb)s MB까지 올릴 수 있어요."),
    "file_empty": _l("빈 파일이에요."),
    "file_type": _l("올릴 수 있는 형식이 아니에요. 쓸 수 있는 형식: %(allowed)s"),
    "file_content": _l("파일의 내용이 이름(%(ending)s)과 달라요."),
    "file_active": _l(
        "매크로나 스크립트, 첨부 파일이 들어 있거나 암호가 걸린 파일은 받을 수 없어요. 내용만 남겨 다시 저장해 주세요."
    ),
    "file_archive": _l("압축을 풀면 위험할 수 있는 파일이에요. 원래 프로그램에서 다시 저장해 주세요."),
    "file_pixels": _l("그림이 너무 커요. %(max_million)s백만 화소까지 올릴 수 있어요."),
    "send_back_reason": _l("무엇을 보완해야 하는지 지적이나 전할 말을 적어 주세요."),
    "rubric_minimum": _l("필수 기준은 %(min)s점 이상이어야 승인할 수 있어요."),
    "rubric_total": _l("합계가 %(min)s점 이상이어야 승인할 수 있어요."),
    "open_findings": _l("필수 보완 지적이 %(count)s건 남아 있어요."),
    "expiry_range": _l("내일부터 %(days)s일 안의 날짜를 골라 주세요."),
    "page_range": _l("없는 쪽이에요. 첫 쪽을 보여드려요."),
    "no_conflict": _l("이해관계가 없다고 확인해야 심사를 맡을 수 있어요."),
    "idempotency_key": _l("Idempotency-Key는 공백 없는 255자 이내의 ASCII 글자여야 해요."),
    "idempotency_mismatch": _l("같은 Idempotency-Key로 다른 내용을 보냈어요."),
    "hook_url": _l(
        "https://로 시작하는 인터넷 주소를 적어 주세요. 숫자 주소, 사용자 이름, # 뒤의 말은 쓸 수 없어요."
    ),
    "hook_private": _l(
        "사설망이나 한 기기 안에서만 쓰는 이름이라 보낼 수 없어요. 인터넷에 공개된 이름을 적어 주세요."
    ),
    "hook_port": _l("포트는 443이나 1024 이상만 쓸 수 있어요."),
    "hook_known": _l("이미 등록한 주소예요."),
    "token_end": _l("오늘부터 %(days)s일 안의 날짜를 골라 주세요."),
    "scope_personal": _l("조직 토큰에는 줄 수 없는 범위예요."),
    "link_to_itself": _l("서로 다른 두 역량을 골라 주세요."),
    **alliance_names.PROBLEMS,
    **bundle_names.PROBLEMS,
    **composing_names.PROBLEMS,
    "not_a_vendor": _l("운영자가 확인한 다른 공급기업만 지정할 수 있어요."),
    "not_narrower": _l("지금보다 좁은 범위를 골라 주세요."),
    "cursor": _l("다음 쪽 표시(cursor)가 아니에요."),
    "weights_nothing": _l("가중치가 모두 0이면 비교할 수 없어요. 하나라도 1 이상으로 적어 주세요."),
    "nothing_changed": _l("바꾼 것이 없어요. 가중치, 예산, 조건 가운데 하나를 바꿔 주세요."),
    "weights_total": _l("아홉 가중치의 합이 %(total)s이어야 해요. 지금은 %(sum)s이에요."),
    "axis_always_counted": _l("근거 강도는 늘 세야 해요. 어느 수요에서나 셀 수 있는 항목은 이것뿐이에요."),
    "edition_version": _l("판 이름을 2026-2처럼 적어 주세요."),
    "edition_day": _l("%(from)s부터 1년 안의 날짜를 골라 주세요."),
    "rule_without_amount": _l("한도나 지원 비율 가운데 하나는 적어야 공개할 수 있어요."),
    "rule_end": _l("규칙의 기간(%(first)s~%(last)s) 안의 날짜를 골라 주세요."),
    "rule_days": _l("2000년에서 2100년 사이, %(years)s년 안의 기간을 적어 주세요."),
    "link_itself": _l("우리 회사의 번호예요. 거래처의 번호를 적어 주세요."),
    "link_known": _l("이미 있는 거래 관계예요."),
    "link_denied": _l("상대가 %(day)s에 아니라고 한 관계예요. 상대가 직접 신고하면 이어져요."),
    "link_name": _l("여기 등록된 확인 기업이 아니에요. 기업 이름을 적어 주세요."),
    "link_registered": _l("여기 등록된 기업이라 초대하지 않아도 돼요. 알림을 보내요."),
    "link_invitations": _l("초대 메일은 하루에 %(max)s통까지 보낼 수 있어요."),
    "supplier_only": _l("공급하는 쪽만 허락할 수 있어요."),
    "rows_none": _l("제목 줄 아래에 거래처가 한 줄도 없어요."),
    "too_many_rows": _l("한 번에 %(max)s행까지 올릴 수 있어요. 나눠서 올려 주세요."),
    "heading_missing": _l(
        "제목 줄에서 이 칸을 찾지 못했어요: %(columns)s. 합친 칸은 풀고 양식의 제목을 써 주세요."
    ),
    "row_direction": _l("관계는 ‘공급처’나 ‘납품처’로 적어 주세요: %(value)s"),
    "row_repeated": _l("%(line)s행과 같은 관계예요. 한 번만 신고해요."),
    "row_known": _l("이미 있는 관계예요. 건너뛰어요."),
    "row_mutual": _l("서로 납품하는 관계예요. 둘 다 남기고, 차수는 가까운 쪽으로 정해요."),
    "formula": _l("수식이 든 칸은 읽지 않아요. 값으로 바꿔 주세요."),
    "url": _l("https://로 시작하는 주소를 적어 주세요."),
    "month": _l("달을 2021-03처럼 적어 주세요."),
    "listing_none": _l("장터에 그런 이름의 솔루션이 없어요. 모르면 비워 두세요."),
    "listing_near": _l("장터에 그런 이름의 솔루션이 없어요. 비슷한 이름: %(names)s"),
    "listing_several": _l("이름이 같은 솔루션이 여럿이에요. 이 가운데 하나를 적어 주세요: %(names)s"),
    "certificate_known": _l("이미 올린 번호예요. 답을 기다리거나 확인된 수준확인서가 있어요."),
    "certificate_long": _l("유효기간이 %(years)s년을 넘어요. 날짜를 다시 확인해 주세요."),
}

#: What a rule asks for.
FINDINGS: Mapping[str, Any] = {
    "rule.summary": _l("한 줄 소개를 %(min)s자 이상 적어 주세요."),
    "rule.description": _l("설명을 %(min)s자 이상 적어 주세요. 무엇을, 어떻게, 어디까지 하는지 알려 주세요."),
    "rule.english": _l("영문 이름과 소개, 설명이 있으면 해외 구매자도 찾을 수 있어요."),
    "rule.capability": _l("역량을 하나 이상 골라 주세요."),
    "rule.industry": _l("쓸 수 있는 업종을 골라 주세요."),
    "rule.region": _l("공급 지역을 골라 주세요."),
    "rule.deployment": _l("설치 방식을 골라 주세요."),
    "rule.level": _l("필요한 기업 수준과 도달 수준을 골라 주세요."),
    "rule.interface": _l("연동 규격이 없으면 연동 점수가 0점이 돼요."),
    "rule.process": _l("공정을 고르면 같은 공정의 공장이 찾기 쉬워요."),
    "rule.install_weeks": _l("도입 기간이 없으면 납기 점수가 낮아져요."),
    "rule.plan": _l("요금제를 하나 이상 만들어 주세요."),
    "rule.plan_price": _l(
        "‘%(plan)s’ 요금제의 금액을 적어 주세요. 견적만 받는 요금제는 방식을 프로젝트로 바꿔 주세요."
    ),
    "rule.capability_in_plan": _l("‘%(capability)s’ 역량의 품질을 적은 요금제가 없어요."),
    "rule.quality_listed": _l("요금제에 적은 ‘%(capability)s’ 역량이 적용 범위에 없어요."),
    "rule.field_basis": _l("‘%(capability)s’의 품질을 현장 검증이라고 하려면 현장 검증 근거가 있어야 해요."),
    "rule.evidence": _l("근거를 하나 이상 적어 주세요. 나빠진 결과도 근거예요."),
    "rule.method": _l("‘%(kpi)s’의 측정 방법을 %(min)s자 이상 적어 주세요."),
    "rule.period": _l("‘%(kpi)s’의 측정 기간을 모두 적어 주세요."),
    "rule.sample": _l("‘%(kpi)s’의 표본을 적어 주세요."),
    "rule.site_profile": _l("‘%(kpi)s’ 현장의 업종과 인원을 적어 주세요."),
    "rule.file": _l("‘%(kpi)s’의 원자료나 보고서 파일을 올려 주세요."),
    "rule.verified_by": _l("‘%(kpi)s’ 값을 확인한 기관과 사람을 적어 주세요."),
    "rule.confirmed": _l("운영자가 기업을 확인한 뒤에 심사를 요청할 수 있어요."),
}


def refusal(code: str, params: Mapping[str, Any]) -> str:
    """The title of a refusal."""
    text = REFUSALS.get(code) or REFUSALS["http_400"]
    return str(text) % _named(params)


def problem(found: Problem) -> str:
    """One problem as a sentence."""
    if found.code in FINDINGS:
        return str(FINDINGS[found.code]) % _named(found.params)
    code, params = _of_money(found) if _is_of_money(found) else (found.code, found.params)
    return str(PROBLEMS[code]) % _named(params)


def _is_of_money(found: Problem) -> bool:
    return found.pointer.endswith("_amount") or found.code in ("shares_sum", "shares_exceed")


def _of_money(found: Problem) -> tuple[str, Mapping[str, Any]]:
    """A problem with won: what is wanted is an amount, and the won among its parameters are written as such."""
    code, params = found.code, dict(found.params)
    missing = params.get("missing")
    if code == "shares_sum" and isinstance(missing, int) and missing < 0:
        code, params = "shares_exceed", {"over": -missing}
    won = {key: exact_won(value, get_locale()) for key, value in params.items() if isinstance(value, int)}
    return "amount_whole" if code == "integer" else code, {**params, **won}


def finding(found: Finding) -> str:
    """One finding as a sentence."""
    return str(FINDINGS[found.code]) % _named(found.params)


def place(pointer: str) -> str:
    """Where a finding points, in words: "plans/0/price_amount" → 요금제 1 › 금액."""
    words: list[str] = []
    for part in pointer.split("/"):
        if part.isdigit() and words:
            words[-1] = f"{words[-1]} {int(part) + 1}"
        elif part:
            within_rubric = pointer.startswith("points/") and bool(words)
            of_share = pointer.startswith("shares/") and part == "value"
            words.append(name("criterion" if within_rubric else "field", "share" if of_share else part))
    return " › ".join(words)


def _named(params: Mapping[str, Any]) -> dict[str, Any]:
    """Codes among the parameters by their names."""
    named = dict(params)
    if "capability" in named:
        named["capability"] = term_name("capability", str(named["capability"]))
    return named
