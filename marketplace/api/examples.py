"""Bodies that are valid as they stand."""

from typing import Any

LISTING: dict[str, Any] = {
    "title": "웰드아이 비전",
    "title_en": "WeldEye Vision",
    "summary": "용접 비드를 전수 촬영해 기공과 언더컷을 그 자리에서 가려냅니다.",
    "summary_en": "Inspects every weld bead for porosity and undercut on the spot.",
    "description": "로봇 용접 셀 옆에 카메라와 조명을 두고 비드를 전수 촬영합니다. 기공, 언더컷, 오버랩을 판정해 설비에 신호를 보냅니다. "
    "알루미늄 모재와 실외 라인은 다루지 않습니다. 작업자는 판정이 갈린 사진만 다시 확인합니다.",
    "description_en": "Cameras and lights beside the welding robot photograph every bead and judge porosity, undercut "
    "and overlap. Aluminium parts and outdoor lines are out of scope.",
    "capabilities": ["ai_vision"],
    "industries": [{"revision": "11", "code": "303"}],
    "processes": ["welding"],
    "interfaces": ["opcua", "rtsp"],
    "regions": ["gyeongnam", "busan", "ulsan"],
    "deployment": ["on_premise"],
    "level": {"scale": "company_level", "from": 2, "to": 4},
    "install_weeks": 6,
    "plans": [
        {
            "name": "표준",
            "kind": "subscription",
            "price_amount": 1480000,
            "setup_amount": 6240000,
            "trial_days": None,
            "quality": [{"capability": "ai_vision", "quality": 4, "basis": "field_proven"}],
        }
    ],
}

EVIDENCE: dict[str, Any] = {
    "kind": "field",
    "kpi": "용접 불량률",
    "unit": "%",
    "direction": "lower",
    "baseline": "3.1",
    "after": "0.9",
    "site": {
        "industry": {"revision": "11", "code": "303"},
        "region": "gyeongnam",
        "headcount": 62,
        "level": {"scale": "company_level", "value": 2},
    },
    "baseline_from": "2025-06-02",
    "baseline_to": "2025-06-29",
    "after_from": "2025-09-01",
    "after_to": "2025-10-26",
    "method": "용접 셀 3개에서 전수 촬영한 판정을 검사원 2명이 다시 확인했습니다.",
    "sample": "비드 18,420장",
    "verified_by": "수요기업 품질팀",
}

SITE: dict[str, Any] = {
    "name": "창원 공장",
    "industry": {"revision": "11", "code": "303"},
    "region": "gyeongnam",
    "headcount": 62,
    "products": "시트 브래킷, 차체 보강판",
    "processes": ["press", "welding"],
    "interfaces": ["file"],
    "systems": [
        {
            "name": "용접 셀 PLC",
            "capability": "controller_plc",
            "interfaces": ["opcua", "plc_native"],
            "product": "보기 제품 Q",
            "vendor_name": "보기 제어",
            "version": "2.1",
            "in_use_since": "2021-03",
            "listing_id": None,
        }
    ],
    "shifts": 2,
    "revenue_band": "10b_30b",
    "records": "files",
    "history": "1y_3y",
    "staff": "one",
    "network": "limited",
    "residency": "korea",
    "budget_year": 2027,
    "level": {"scale": "company_level", "value": 2, "basis": "self_reported"},
}

DECISION: dict[str, Any] = {
    "decision": "approve",
    "no_conflict": True,
    "points": {"method": 4, "sample": 4, "effect": 4, "persistence": 3, "data_security": 4, "documents": 4},
    "findings": [],
    "notes": [],
    "statement": "강판 두께 1.0~3.2 mm의 로봇 용접에서 확인했습니다.",
    "expires_on": "2027-11-20",
}


def demand(site_id: str | None = None) -> dict[str, Any]:
    """A demand of that site, or of the organization's only one."""
    return {
        **({} if site_id is None else {"site_id": site_id}),
        "title": "용접 비드 불량 줄이기",
        "description": "야간에 놓치는 불량을 줄이고 싶습니다.",
        "requirements": [
            {"capability": "ai_vision", "must": True, "min_quality": 3},
            {"capability": "mes", "must": False, "min_quality": 2},
        ],
        "target_level": {"scale": "company_level", "value": 3},
        "budget_amount": 60000000,
        "deadline": "2027-06-30",
    }
