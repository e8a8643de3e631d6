"""Programs with bearer tokens on an empty database, and the steps that every journey by API needs before its own."""

import io
import re
import uuid

from catalog import regno
from marketplace.api.examples import DECISION, EVIDENCE, LISTING
from tests.journeys import post_box

PASSWORD = "a long pass phrase"


class Program:
    """A program with a bearer token."""

    def __init__(self, app, token=None, email=None):
        self.app, self.token, self.email, self.name, self.number = app, token, email, "", ""

    def call(self, method, path, status, **kwargs):
        """The JSON of an answer that must have that status."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        answer = self.app.test_client().open(f"/api/v1{path}", method=method, headers=headers, **kwargs)
        assert answer.status_code == status, (path, answer.get_data(as_text=True))
        return answer.get_json()


def press(app, path, post_to="", **form):
    """Open a page in a fresh browser and send its form."""
    client = app.test_client()
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).get_data(as_text=True)).group(1)
    answer = client.post(path + post_to, data={**form, "csrf_token": token})
    assert answer.status_code == 303, answer.get_data(as_text=True)


def operator(app):
    """The operator's program: a password by the one-time link, then a token."""
    link = app.test_cli_runner().invoke(args=["init-operator", "boss@ieum.example"])
    assert link.exit_code == 0, link.output
    press(app, re.search(r"/welcome/\S+", link.output).group(0), password=PASSWORD)
    body = {"email": "boss@ieum.example", "password": PASSWORD, "name": "console", "scopes": None}
    return Program(app, Program(app).call("POST", "/tokens", 201, json=body)["token"])


def company(app, rng, role):
    """A new person with a new company of that role, its program and its id; `program.number` is its number."""
    word = uuid.uuid4().hex[:8]
    body = {"email": f"{word}@{role}.example", "password": PASSWORD, "name": f"사람 {word}"}
    program = Program(app, Program(app).call("POST", "/sign-up", 201, json=body)["token"], body["email"])
    press(app, post_box.link(app, body["email"], "/confirm-email"))
    number = regno.make(str(rng.randrange(10**8, 10**9)))
    body = {"name": f"{role} {word}", "registration_number": number, "roles": [role]}
    program.name, program.number = body["name"], number
    return program, program.call("POST", "/organizations", 201, json=body)["id"]


def draft(vendor, title, price, **changes):
    """A listing with one plan and one record, not handed in yet; its id."""
    body = {**LISTING, "title": title, "plans": [{**LISTING["plans"][0], "price_amount": price}], **changes}
    listing = vendor.call("POST", "/listings", 201, json=body)["id"]
    vendor.call("POST", f"/listings/{listing}/evidence", 201, json=EVIDENCE)
    return listing


def record(vendor, listing):
    """The id of the listing's first record."""
    return vendor.call("GET", f"/listings/{listing}", 200)["content"]["evidence"][0]["id"]


def table():
    """A small file of measurements."""
    return {"file": (io.BytesIO("날짜,불량\n2025-06-02,3\n".encode()), "측정.csv")}


def publish(vendor, validator, listing):
    """Hand a complete draft in and have it approved."""
    vendor.call("POST", f"/evidence/{record(vendor, listing)}/files", 201, data=table())
    vendor.call("POST", f"/listings/{listing}/submission", 200)
    validator.call("POST", f"/listings/{listing}/decision", 200, json=DECISION)
