"""Accounts below the pages: passwords, tokens, seats, the role table, the first operator."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select

from catalog.errors import Invalid, NotFound
from catalog.models import Organization
from marketplace.accounts import joining, passwords, principal, roles, sign_in, tokens
from marketplace.accounts.models import ApiToken, Membership, User, UserSession
from marketplace.operations import operators
from tests import factories
from tests.marketplace.people import PASSWORD, person

pytestmark = pytest.mark.usefixtures("production_passwords")


@pytest.fixture
def user(app, session):
    made = sign_in.sign_up(session, email=" Kim@Example.COM ", password=PASSWORD, name="김새로")
    session.commit()
    return made


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def test_a_password_is_kept_as_argon2id_with_its_own_salt(user):
    assert user.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.hashed(PASSWORD) != user.password_hash
    assert passwords.matches(user.password_hash, PASSWORD)
    assert not passwords.matches(user.password_hash, PASSWORD + " ")
    assert not passwords.is_outdated(user.password_hash)


@pytest.mark.parametrize("stored", [None, "", "rubbish", "$argon2id$v=19$m=8,t=1,p=1$"])
def test_nothing_matches_what_is_no_hash(stored):
    assert passwords.matches(stored, "no account has this password") is False


def test_an_outdated_hash_is_made_anew_at_the_next_sign_in(app, session, user):
    user.password_hash = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    session.commit()
    with app.app_context():
        again = sign_in.authenticate(session, "kim@example.com", PASSWORD, "127.0.0.1")
    assert again is user
    assert passwords.matches(user.password_hash, PASSWORD)
    assert not passwords.is_outdated(user.password_hash)


def test_an_address_is_kept_in_lower_case_and_signs_up_once(session, user):
    assert user.email == "kim@example.com"
    for again in ("kim@example.com", "KIM@EXAMPLE.COM "):
        with pytest.raises(Invalid, match="email: email_taken"):
            sign_in.sign_up(session, email=again, password=PASSWORD, name="다른 사람")
    with pytest.raises(Invalid, match="password: password_weak"):
        sign_in.sign_up(session, email="new@example.com", password="NEW@example.com", name="x")
    assert count(session, User) == 1


def test_a_person_who_never_chose_a_password_cannot_sign_in(app, session):
    session.add(User(email="invited@example.com", name="초대받은 사람"))
    session.commit()
    with app.app_context():
        for password in ("", "None", "no account has this password"):
            with pytest.raises(Invalid, match="password: credentials"):
                sign_in.authenticate(session, "invited@example.com", password, "127.0.0.1")


def test_a_token_is_kept_as_its_hash(session, user):
    row, word = tokens.issue(session, user, name="ERP")
    session.commit()
    assert word.startswith("ieum_")
    assert len(word) == len("ieum_") + 43
    assert row.token_hash == principal.digest(word)
    assert tokens.issue(session, user, name="ERP")[1] != word


def test_a_token_acts_for_own_organizations_only(session, user):
    own, foreign = factories.company(session, "vendor"), factories.company(session, "vendor")
    session.add(Membership(user_id=user.id, organization_id=own.id, is_admin=True))
    session.flush()
    with pytest.raises(NotFound):
        tokens.issue(session, user, name="x", organization=foreign)
    assert count(session, ApiToken) == 0
    row, _ = tokens.issue(session, user, name="x", organization=own)
    assert row.organization_id == own.id


def test_a_revoked_token_stays_revoked_from_then_on(app, session, monkeypatch):
    member = person(app, "vendor")
    assert member.api("GET", "/organization").status_code == 200
    row = session.scalars(select(ApiToken)).one()
    tokens.revoke(row)
    revoked_at = row.revoked_at
    monkeypatch.setattr(tokens, "now", lambda: revoked_at + timedelta(days=1))
    tokens.revoke(row)
    session.commit()
    assert row.revoked_at == revoked_at
    assert tokens.of_user(session, member.user_key) == []
    session.rollback()
    assert member.api("GET", "/organization").status_code == 401


def test_a_derived_word_belongs_to_its_parts_and_to_this_server(app, settings):
    with app.app_context():
        word = tokens.derived("a", "b")
        assert tokens.derived("a", "b") == word
        others = {
            tokens.derived("a", "c"),
            tokens.derived("ab"),
            tokens.derived("b", "a"),
            tokens.derived("a", "b", ""),
        }
        app.config["SECRET_KEY"] = "another key"
        others.add(tokens.derived("a", "b"))
    assert len(others | {word}) == 6
    assert word.startswith("ieum_")


def test_a_person_founds_a_company_as_its_admin(session, user):
    number = "118-81-03520"
    made = joining.found(session, user, {"name": "한울", "registration_number": number, "roles": ["vendor"]})
    session.flush()
    seat = session.scalars(select(Membership)).one()
    assert (seat.user_id, seat.organization_id) == (user.id, made.id)
    assert seat.rights == {"member", "admin", "finance", "signer"}
    with pytest.raises(Invalid, match="registration_number_taken"):
        joining.found(session, user, {"name": "둘", "registration_number": number, "roles": ["vendor"]})
    assert (count(session, Organization), count(session, Membership)) == (1, 1)


def test_the_seat_is_the_chosen_organization_else_the_first(session, user):
    first, second = factories.company(session, "vendor"), factories.company(session, "manufacturer", "vendor")
    foreign = factories.company(session, "operator")
    for organization, is_admin in ((first, True), (second, False)):
        session.add(Membership(user_id=user.id, organization_id=organization.id, is_admin=is_admin))
        session.flush()
    chosen = {key: principal.load(session, user, key, "s") for key in (None, first.id, second.id, foreign.id)}
    assert {key: who.organization_key for key, who in chosen.items()} == {
        None: first.id,
        first.id: first.id,
        second.id: second.id,
        foreign.id: first.id,
    }
    assert chosen[second.id].roles == {"manufacturer", "vendor"}
    assert chosen[second.id].rights == {"member"}
    assert chosen[first.id].rights == {"member", "admin"}
    assert [seat.key for seat in chosen[None].seats] == [first.id, second.id]


def test_a_person_without_an_organization_has_no_seat(session, user):
    who = principal.load(session, user, None, "s")
    assert (who.seat, who.organization_key, who.organization_id, who.roles) == (None, None, None, frozenset())
    with pytest.raises(TypeError):
        who.get_id()


@pytest.mark.parametrize(
    ("permission", "signed_in", "member", "held", "expected"),
    [
        ("catalogue.read", False, False, (), True),
        ("account.manage", False, False, (), False),
        ("account.manage", True, False, (), True),
        ("organization.read_own", True, False, (), False),
        ("organization.read_own", True, True, (), True),
        ("listing.draft", True, True, ("manufacturer", "validator", "operator"), False),
        ("listing.draft", True, True, ("vendor",), True),
        ("review.judge", True, True, ("vendor", "manufacturer", "operator"), False),
        ("demand.match", True, True, ("vendor", "validator", "operator"), False),
        ("organization.confirm", True, True, ("vendor", "manufacturer", "validator"), False),
        ("organization.confirm", True, True, ("operator",), True),
        ("competitor.declare", True, True, ("validator",), True),
        ("competitor.declare", True, True, ("manufacturer",), False),
    ],
)
def test_the_role_table(permission, signed_in, member, held, expected):
    position = {"signed_in": signed_in, "member": member, "rights": frozenset()}
    assert roles.allowed(permission, roles=frozenset(held), **position) is expected


def test_an_unknown_permission_is_an_error_and_no_permission():
    with pytest.raises(KeyError):
        roles.allowed(
            "everything",
            signed_in=True,
            member=True,
            roles=frozenset({"operator"}),
            rights=frozenset({"admin"}),
        )


def test_the_first_operator_is_the_only_one_by_command(app, session):
    runner = app.test_cli_runner()
    made = runner.invoke(args=["init-operator", "Boss@Example.com"])
    assert made.exit_code == 0
    assert made.stdout.startswith("http://127.0.0.1:8000/welcome/")
    again = runner.invoke(args=["init-operator", "second@example.com"])
    assert (again.exit_code, again.stdout) == (2, "")
    bad = runner.invoke(args=["init-operator", "not an address"])
    assert (bad.exit_code, bad.stderr) == (2, "EMAIL: email\n")
    assert session.scalars(select(User.email)).all() == ["boss@example.com"]
    organization = session.scalars(select(Organization)).one()
    assert (organization.state, organization.registration_number) == ("confirmed", None)
    assert organization.plays("operator")


def test_an_address_with_an_account_does_not_become_the_operator(session, user):
    with pytest.raises(Invalid):
        operators.first(session, "KIM@example.com", "이음")
    session.rollback()
    assert (count(session, Membership), count(session, Organization)) == (0, 0)


def test_a_sign_in_acts_for_the_first_organization_of_the_person(app, session):
    member = person(app, "vendor")
    second = factories.company(session, "manufacturer")
    session.add(Membership(user_id=member.user_key, organization_id=second.id))
    session.commit()
    with app.test_request_context():
        sign_in.begin(session, session.get_one(User, member.user_key))
        session.flush()
    newest = session.scalars(select(UserSession).order_by(UserSession.id.desc())).first()
    assert newest.organization_id == member.organization_key
