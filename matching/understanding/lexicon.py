"""The words by which the text is read: the taxonomy's names and aliases, and purposes that stand for a capability."""

import re
from functools import cache

from catalog import taxonomy
from matching.search.vocabulary import ALSO_CALLED

#: A name of this many Korean letters or fewer finds too much: 진단, 검사 stand in every second sentence.
_SHORT = 2
#: Names that mean something else in everyday sentences.
_NEVER = frozenset({"industrial", "agent", "simulation", "scheduling", "training", "회계", "control system"})
#: Everyday words that the taxonomy does not list; they name the thing itself.
_PLAINLY: dict[str, tuple[str, ...]] = {
    "ai_vision": (
        "비전 검사",
        "비전검사",
        "외관 검사",
        "외관검사",
        "machine vision",
        "vision inspection",
        "AI 검사",
    ),
    "traceability": (
        "로트 추적",
        "이력 추적",
        "이력추적",
        "lot tracking",
        "traceability",
        "lot traceability",
    ),
    "mes": ("작업지시", "생산실행", "생산관리시스템"),
    "control_scada": ("SCADA", "HMI"),
    "controller_plc": ("PLC",),
    "sensor_iot": ("센서", "IoT"),
    "auto_id": ("바코드", "RFID", "QR코드", "barcode"),
    "robot": ("협동로봇", "산업용 로봇", "cobot"),
    "agv_amr": ("AGV", "AMR", "물류로봇", "무인운반차"),
    "wms": ("창고관리", "warehouse system"),
    "digital_twin": ("디지털트윈",),
    "predictive_maintenance": ("예지 보전", "예측 정비", "predictive maintenance"),
    "education": ("교육",),
    "consulting": ("컨설팅", "consulting"),
    "security": ("보안",),
    "cloud_saas": ("SaaS", "클라우드"),
    "fems": ("에너지 관리", "energy monitoring"),
    "aps": ("생산 계획 자동", "스케줄링"),
}
#: (what is wanted, capability): purposes from which a capability follows, for the writer to confirm.
PURPOSES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), capability)
    for pattern, capability in (
        (r"불량[률율]?(?:을|이|를)?\s?.{0,8}?(?:줄|감소|낮추|잡아|잡고|막|걸러|없애)", "ai_vision"),
        (r"(?:육안|눈으로|전수|비드|표면)\s?.{0,4}?(?:검사|판정|확인하)", "ai_vision"),
        (r"(?:reduce|cut|fewer|lower)\s+(?:\w+\s+){0,3}(?:defects?|scrap|rejects?)", "ai_vision"),
        (r"(?:visual|surface|bead)\s+(?:inspection|defects?)", "ai_vision"),
        (r"로트(?:마다|별로|별)?\s?.{0,6}?(?:추적|남|기록|관리|이력)", "traceability"),
        (r"(?:track|trace)\s+(?:\w+\s+){0,2}(?:lots?|batch(?:es)?)", "traceability"),
        (r"(?:작업|생산)\s?일보", "mes"),
        (r"생산\s?(?:실적|현황|진도)\S{0,2}", "mes"),
        (r"작업\s?지시", "mes"),
        (r"(?:production|shop[- ]floor)\s+(?:tracking|reporting|status)", "mes"),
        (
            (
                r"(?:설비|기계|모터|베어링|펌프)\S{0,2}\s?(?:의\s?)?(?:고장|멈춤|정지|이상)\S{0,3}\s?.{0,8}?"
                r"(?:미리|예측|예방|알|감지|줄)"
            ),
            "predictive_maintenance",
        ),
        (
            r"(?:predict|prevent)\s+(?:\w+\s+){0,3}(?:failures?|breakdowns?|downtime)",
            "predictive_maintenance",
        ),
        (
            (
                r"(?:설비|기계|라인)\S{0,2}\s?(?:상태|가동률|가동)\S{0,2}\s?.{0,8}?"
                r"(?:보|볼|모니터|수집|알|실시간)"
            ),
            "sensor_iot",
        ),
        (r"(?:온도|습도|진동|압력)\S{0,2}\s?.{0,6}?(?:수집|자동으로 기록|실시간|감시|모니터)", "sensor_iot"),
        (
            r"(?:monitor|collect)\s+(?:\w+\s+){0,3}(?:machines?|equipment|temperatures?|sensor data)",
            "sensor_iot",
        ),
        (
            (
                r"(?:전기|전력|가스|에너지)\s?(?:요금|사용량|비용|소비|소모)?\S{0,2}\s?.{0,8}?"
                r"(?:줄|절감|아끼|보|볼|관리|재|측정)"
            ),
            "fems",
        ),
        (r"(?:energy|power|electricity|gas)\s+(?:use|usage|bills?|costs?|consumption)", "fems"),
        (r"(?:재고|창고)\S{0,2}\s?.{0,8}?(?:맞|관리|파악|줄|정확|실시간)", "wms"),
        (r"(?:inventory|stock)\s+(?:accuracy|control|management|levels?)", "wms"),
        (r"(?:납기|생산\s?계획|일정)\S{0,2}\s?.{0,8}?(?:맞추|지키|세우|짜|최적|자동)", "aps"),
        (
            r"(?:production\s+)?schedul(?:e|ing)\s+(?:automatically|production|orders)|on[- ]time delivery",
            "aps",
        ),
        (r"(?:안전\s?사고|산업\s?재해|끼임|추락)\S{0,2}", "ai_safety"),
        (r"(?:workplace|worker)\s+(?:safety|accidents?)", "ai_safety"),
        (r"도면\S{0,2}\s?.{0,8}?(?:관리|이력|찾|바뀌|최신|변경)", "plm"),
        (r"(?:drawing|design)\s+(?:changes|revisions|management)", "plm"),
        (r"품질\S{0,2}\s?.{0,4}?(?:미리\s?)?예측", "ai_quality"),
        (r"(?:공정\s?조건|사출\s?조건|조건)\S{0,2}\s?.{0,6}?(?:최적|자동으로 찾|추천)", "ai_process"),
        (r"(?:수요|주문)\S{0,2}\s?.{0,4}?예측|demand forecast", "ai_demand"),
        (r"(?:무거운|반복)\s?\S{0,4}\s?.{0,10}?(?:옮기|들|작업).{0,10}?(?:자동|로봇)|로봇으로", "robot"),
        (r"(?:지게차|운반)\S{0,2}\s?.{0,8}?(?:자동|없애|대신|줄)", "agv_amr"),
        (r"(?:해킹|랜섬웨어|ransomware|cyber[- ]?attacks?)\S{0,2}", "security"),
        (r"(?:협력사|협력업체|납품처)\S{0,2}\s?.{0,8}?(?:발주|공유|주고받)", "scm"),
        (r"(?:수기|종이|손으로)\S{0,2}\s?.{0,8}?(?:없애|전산|줄|대신|디지털)", "simple_ict"),
        (r"(?:paper records|paperless|go digital)", "simple_ict"),
        (r"(?:시험\s?성적서|시험\s?결과|실험\s?데이터)\S{0,2}\s?.{0,8}?(?:관리|모으|전산|자동)", "lims"),
        (r"(?:검사\s?기록|품질\s?기록|부적합|클레임)\S{0,2}\s?.{0,8}?(?:관리|남기|전산|추적)", "qms"),
        (r"(?:정비|보전|예방\s?점검)\s?(?:이력|기록|계획)\S{0,2}", "cmms"),
        (r"maintenance\s+(?:history|records|plans?|work orders)", "cmms"),
    )
)
#: Cities by province, for people rarely name their province.
_CITIES = {
    "gyeonggi": "수원 안산 화성 평택 시흥 성남 용인 부천 김포 파주 이천 군포",
    "gyeongnam": "창원 김해 거제 진주 사천 양산 밀양",
    "gyeongbuk": "구미 포항 경주 경산 영천",
    "chungnam": "천안 아산 당진 서산 공주",
    "chungbuk": "청주 충주 제천 음성 진천 오송",
    "jeonbuk": "전주 익산 군산 완주",
    "jeonnam": "여수 순천 목포 광양",
    "gangwon": "원주 춘천 강릉 평창",
}
_OFFICIAL = {
    "gyeonggi": "경기도",
    "gangwon": "강원도 강원특별자치도",
    "chungbuk": "충청북도",
    "chungnam": "충청남도",
    "jeonbuk": "전라북도 전북특별자치도",
    "jeonnam": "전라남도",
    "gyeongbuk": "경상북도",
    "gyeongnam": "경상남도",
    "jeju": "제주도 제주특별자치도",
}
#: Everyday names of industries → KSIC revision 11.
INDUSTRIES: tuple[tuple[str, str], ...] = (
    ("자동차 부품", "303"),
    ("자동차부품", "303"),
    ("차체", "303"),
    ("auto parts", "303"),
    ("automotive parts", "303"),
    ("조선 기자재", "311"),
    ("선박", "311"),
    ("shipbuilding", "311"),
    ("식품", "10"),
    ("김치", "10"),
    ("food", "10"),
    ("음료", "11"),
    ("화장품", "20"),
    ("cosmetics", "20"),
    ("제약", "21"),
    ("의약품", "21"),
    ("pharmaceutical", "21"),
    ("플라스틱", "22"),
    ("고무", "22"),
    ("plastics", "22"),
    ("반도체", "261"),
    ("semiconductor", "261"),
    ("전자 부품", "262"),
    ("전자부품", "262"),
    ("이차전지", "282"),
    ("배터리", "282"),
    ("battery", "282"),
    ("의료기기", "271"),
    ("medical device", "271"),
    ("섬유", "13"),
    ("의류", "14"),
    ("가구", "32"),
    ("뿌리업체", "25"),
    ("금속 가공", "25"),
    ("금속가공", "25"),
)


@cache
def capabilities() -> tuple[tuple[re.Pattern[str], str], ...]:
    """(pattern, code) of every name of a capability, longer names first."""
    names: dict[str, str] = {}
    for term in taxonomy.terms("capability"):
        written = (term.name_ko, term.name_en, *term.aliases, *ALSO_CALLED.get(term.code, ()))
        plainly = _PLAINLY.get(term.code, ())
        for name in (*(part for text in written for part in _parts(text)), *plainly):
            if name in plainly or (name.lower() not in _NEVER and not _is_short(name)):
                names.setdefault(name.lower(), term.code)
    return _longest_first(names)


@cache
def processes() -> tuple[tuple[re.Pattern[str], str], ...]:
    """(pattern, code) of every name of a process, longer names first."""
    names: dict[str, str] = {}
    for term in taxonomy.terms("process"):
        for name in (part for text in (term.name_ko, term.name_en, *term.aliases) for part in _parts(text)):
            names.setdefault(name.lower(), term.code)
    return _longest_first(names)


@cache
def regions() -> tuple[tuple[re.Pattern[str], str], ...]:
    """(pattern, code) of every province and of the cities that people name instead, longer names first."""
    names: dict[str, str] = {}
    for term in taxonomy.terms("region"):
        towns = f"{_OFFICIAL.get(term.code, '')} {_CITIES.get(term.code, '')}".split()
        for name in (term.name_ko, term.name_en, *term.aliases, *towns):
            names.setdefault(name.lower(), term.code)
    return _longest_first(names)


@cache
def industries() -> tuple[tuple[re.Pattern[str], str], ...]:
    """(pattern, code) of the everyday names of industries, longer names first."""
    return _longest_first(dict(INDUSTRIES))


def _longest_first(names: dict[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    ordered = sorted(names, key=lambda name: (-len(name), name))
    return tuple((_pattern(name), names[name]) for name in ordered)


def _pattern(name: str) -> re.Pattern[str]:
    """Latin names stand alone (particles may follow); Korean ones may be written with or without their spaces."""
    words = r"\s?".join(re.escape(word) for word in name.split())
    before = r"(?<![A-Za-z0-9])" if name[0].isascii() else r""
    after = r"(?![A-Za-z0-9])" if name[-1].isascii() else ""
    return re.compile(before + words + after, re.IGNORECASE)


def _is_short(name: str) -> bool:
    return not name.isascii() and len(name.replace(" ", "")) <= _SHORT


def _parts(name: str) -> list[str]:
    """The names inside one printed name: "Predictive maintenance (PdM)" is two, "충진·충전" too."""
    outside, *inside = re.split(r"[()]", name)
    separators = r"[·/,]" if " " not in outside.strip() else r"·| / |,"
    found = [part.strip() for text in (outside, *inside) for part in re.split(separators, text)]
    return [part for part in dict.fromkeys([outside.strip(), *found]) if part]
