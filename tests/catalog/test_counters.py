"""Numbers handed out once and in order, and the outbox that records an effect once."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from catalog import counters, outbox
from catalog.outbox import OutboxMessage


def test_numbers_begin_at_one_and_run_without_gaps_each_name_by_itself(session):
    assert [counters.following(session, "a") for _ in range(3)] == [1, 2, 3]
    assert counters.following(session, "b") == 1
    assert (counters.current(session, "a"), counters.current(session, "b")) == (3, 1)
    assert counters.current(session, "never") == 0


def test_a_number_of_a_transaction_that_fails_is_given_out_again(session):
    counters.following(session, "a")
    session.commit()
    counters.following(session, "a")
    session.rollback()
    assert counters.current(session, "a") == 1
    assert counters.following(session, "a") == 2


def test_a_number_is_larger_than_32_bits_in_time(session):
    counters.following(session, "a")
    session.execute(update(counters.Counter).values(value=2**31))
    assert counters.following(session, "a") == 2**31 + 1


def messages(session):
    return session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()


def test_a_message_waits_and_is_due_at_once(session):
    before = datetime.now(UTC)
    outbox.record(session, "mail.send", "k", {"to": "p@example.com"})
    session.commit()
    session.expire_all()
    (message,) = messages(session)
    assert (message.topic, message.key, message.payload) == (
        "mail.send",
        "mail.send:k",
        {"to": "p@example.com"},
    )
    assert (message.state, message.tries, message.last_error, message.done_at) == (
        outbox.WAITING,
        0,
        None,
        None,
    )
    assert before <= message.next_at <= datetime.now(UTC)


def test_a_known_key_is_left_alone_before_and_after_the_commit(session):
    outbox.record(session, "mail.send", "k", {"n": 1})
    outbox.record(session, "mail.send", "k", {"n": 2})
    session.commit()
    outbox.record(session, "mail.send", "k", {"n": 3})
    session.commit()
    assert [message.payload for message in messages(session)] == [{"n": 1}]


def test_a_done_message_is_not_asked_for_again(session):
    outbox.record(session, "mail.send", "k", {"n": 1})
    session.flush()
    messages(session)[0].state = outbox.DONE
    outbox.record(session, "mail.send", "k", {"n": 2})
    session.commit()
    assert [message.state for message in messages(session)] == [outbox.DONE]


@pytest.mark.parametrize(("topic", "key"), [("a", "b:c"), ("a:b", "c")])
def test_the_key_is_the_topic_and_the_occasion(session, topic, key):
    outbox.record(session, topic, key, {})
    session.flush()
    assert messages(session)[0].key == "a:b:c"


def test_what_is_rolled_back_was_never_asked_for(session):
    outbox.record(session, "mail.send", "k", {})
    session.flush()
    session.rollback()
    assert messages(session) == []
