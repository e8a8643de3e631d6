"""Names of the words that describe a site and the papers of its level."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

#: (set, code) → its name on screens; `names.NAMES` has them with the others.
SETS: Mapping[str, Mapping[str, object]] = {
    "level_certificate_state": {
        "waiting": _l("답을 기다림"),
        "confirmed": _l("확인됨"),
        "refused": _l("확인 거절"),
    },
    "level_certificate_standing": {
        "waiting": _l("답을 기다림"),
        "refused": _l("확인 거절"),
        "holds": _l("확인됨"),
        "ending": _l("곧 끝남"),
        "ended": _l("기간 끝남"),
    },
    "revenue_band": {
        "under_1b": _l("10억 원 미만"),
        "1b_5b": _l("10억~50억 원"),
        "5b_10b": _l("50억~100억 원"),
        "10b_30b": _l("100억~300억 원"),
        "30b_50b": _l("300억~500억 원"),
        "50b_150b": _l("500억~1,500억 원"),
        "over_150b": _l("1,500억 원 이상"),
    },
    "records": {
        "paper": _l("종이에 적어요"),
        "files": _l("엑셀 같은 파일에 적어요"),
        "database": _l("프로그램(데이터베이스)에 쌓여요"),
        "automatic": _l("설비에서 자동으로 모아요"),
    },
    "history": {"under_1y": _l("1년이 안 돼요"), "1y_3y": _l("1년에서 3년"), "over_3y": _l("3년 넘게")},
    "staff": {"none": _l("없어요"), "one": _l("1명"), "2_4": _l("2~4명"), "5_plus": _l("5명 이상")},
    "network": {
        "closed": _l("외부 인터넷을 쓸 수 없어요"),
        "limited": _l("정해 둔 곳만 연결할 수 있어요"),
        "open": _l("자유롭게 쓸 수 있어요"),
    },
    "residency": {
        "plant": _l("공장 안에만 두어야 해요"),
        "korea": _l("국내에만 두면 돼요"),
        "anywhere": _l("어디든 괜찮아요"),
    },
}

#: Fields of the forms, for `names.NAMES["field"]`.
FIELDS: Mapping[str, object] = {
    "products": _l("만드는 제품"),
    "shifts": _l("교대"),
    "revenue_band": _l("한 해 매출"),
    "records": _l("기록 방식"),
    "history": _l("기록이 쌓인 기간"),
    "staff": _l("운영할 사람"),
    "network": _l("외부 인터넷"),
    "residency": _l("데이터를 둘 곳"),
    "budget_year": _l("예산 연도"),
    "system_interfaces": _l("시스템의 연동 규격"),
    "product": _l("제품 이름"),
    "vendor_name": _l("만든 회사"),
    "in_use_since": _l("쓰기 시작한 달"),
    "listing_id": _l("장터의 솔루션"),
    "number": _l("번호"),
    "issued_on": _l("발급일"),
    "valid_until": _l("유효기간 마지막 날"),
}
