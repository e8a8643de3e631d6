"""Who belongs to an organization, when two act at once."""

import threading

from sqlalchemy import select

from catalog.errors import Conflict
from catalog.models import Organization
from marketplace.accounts import invitations, joining
from marketplace.accounts.models import Invitation, Membership, User
from marketplace.errors import LinkGone
from tests.marketplace.people import person
from tests.marketplace.web.looking import acting, rows


def at_once(app, *acts):
    """Run the acts at the same time, each in a transaction of its own; answers the errors, or None."""
    start, given = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        with app.app_context(), app.extensions["database"].session() as session:
            start.wait(10)
            try:
                act(session)
                session.commit()
            except Exception as error:  # noqa: BLE001  # the test looks at whatever it was
                given[place] = error

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return given


def two_admins(app):
    """An organization with two admins: its key and the keys of both memberships."""
    admin, second = person(app, "vendor"), person(app, "vendor")
    with acting(app) as session:
        seat = Membership(user_id=second.user_key, organization_id=admin.organization_key)
        seat.grant(["admin"])
        session.add(seat)
    seats = select(Membership.id).where(Membership.organization_id == admin.organization_key)
    return admin.organization_key, rows(app, seats.order_by(Membership.id))


def test_two_admins_who_remove_each_other_leave_one(app):
    for _ in range(3):
        organization_key, keys = two_admins(app)
        errors = at_once(
            app, *(lambda s, key=key: joining.remove(s, s.get_one(Membership, key)) for key in keys)
        )
        assert sorted(type(error) for error in errors if error is not None) == [Conflict]
        left = rows(app, select(Membership).where(Membership.organization_id == organization_key))
        assert [seat.is_admin for seat in left] == [True]


def test_two_admins_who_step_down_at_once_leave_one(app):
    organization_key, keys = two_admins(app)
    errors = at_once(
        app, *(lambda s, key=key: joining.change_rights(s, s.get_one(Membership, key), []) for key in keys)
    )
    assert sorted(type(error) for error in errors if error is not None) == [Conflict]
    left = rows(app, select(Membership).where(Membership.organization_id == organization_key))
    assert sorted(seat.is_admin for seat in left) == [False, True]


def test_an_invitation_accepted_twice_at_once_joins_once(app):
    admin, guest = person(app, "vendor"), person(app, "vendor")
    with acting(app) as session:
        organization = session.get_one(Organization, admin.organization_key)
        invitations.invite(session, organization, None, email=guest.email, rights=[])

    def accept(session):
        invitation = session.scalars(select(Invitation)).one()
        invitations.accept(session, invitation, session.get_one(User, guest.user_key))

    errors = at_once(app, accept, accept)
    assert [type(error) for error in errors if error is not None] == [LinkGone]
    seats = select(Membership.user_id).where(Membership.organization_id == admin.organization_key)
    assert sorted(rows(app, seats)) == sorted([admin.user_key, guest.user_key])


def test_a_request_answered_twice_at_once_is_answered_once(app):
    admin, guest = person(app, "vendor"), person(app, "vendor")
    with acting(app) as session:
        number = session.get_one(Organization, admin.organization_key).registration_number
        key = joining.ask_to_join(session, session.get_one(User, guest.user_key), number).id

    def answer(accept):
        def act(session):
            request = session.get_one(joining.JoinRequest, key)
            joining.answer_request(session, request, accept=accept)

        return act

    errors = at_once(app, answer(True), answer(True), answer(False))
    assert [type(error) for error in errors if error is not None] == [Conflict, Conflict]
    assert rows(app, select(joining.JoinRequest.answered_at)) != [None]


def test_a_request_taken_back_while_it_is_accepted_ends_one_way(app):
    for _ in range(3):
        admin, guest = person(app, "vendor"), person(app, "vendor")
        with acting(app) as session:
            number = session.get_one(Organization, admin.organization_key).registration_number
            key = joining.ask_to_join(session, session.get_one(User, guest.user_key), number).id

        def accept(session, key=key):
            joining.answer_request(session, session.get_one(joining.JoinRequest, key), accept=True)

        def withdraw(session, key=key):
            joining.withdraw_request(session, session.get_one(joining.JoinRequest, key))

        errors = at_once(app, accept, withdraw)
        assert sorted(type(error) for error in errors if error is not None) == [Conflict]
        (state,) = rows(app, select(joining.JoinRequest.state).where(joining.JoinRequest.id == key))
        seats = select(Membership.id).where(
            Membership.user_id == guest.user_key, Membership.organization_id == admin.organization_key
        )
        assert len(rows(app, seats)) == (1 if state == "accepted" else 0)
