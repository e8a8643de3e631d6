"""How tests ask for packages, by program and by page."""

from marketplace import worker
from tests.marketplace.web.looking import text_of

FORM = {
    "industry": "",
    "level": "",
    "pool": "all",
    "count": "2",
    "max_vendors": "5",
    "max_capabilities": "7",
    "min_quality": "3",
    "seconds": "30",
}


def program(around):
    return f"/alliances/{around.alliance}/packages"


def where(around):
    return f"/alliances/{around.alliance}/inside/packages"


def start(around, **wishes):
    answer = around.runner.api("POST", program(around), json={"seconds": 30, **wishes})
    assert answer.status_code == 202, answer.get_json()
    return answer.get_json()["id"]


def told(around, run):
    return around.runner.api("GET", f"{program(around)}/{run}").get_json()


def done(around, **wishes):
    run = start(around, **wishes)
    worker.drain(around.app)
    return run


def shown_run(around, **typed):
    """The path of a run that was asked for by page and has ended."""
    answer = around.runner.post(where(around), {**FORM, **typed})
    assert answer.status_code == 303, text_of(answer)[:600]
    worker.drain(around.app)
    return answer.location


def page(who, path, status=200):
    answer = who.client.get(path)
    assert answer.status_code == status, text_of(answer)[:400]
    return text_of(answer)
