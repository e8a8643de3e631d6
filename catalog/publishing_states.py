"""The one life cycle of every listing kind, as a table: documentation, guard and test data at once."""

DRAFT, SUBMITTED, SENT_BACK, PUBLISHED, WITHDRAWN = (
    "draft",
    "submitted",
    "sent_back",
    "published",
    "withdrawn",
)

#: (state, act) → next state of the working copy. An act that is not listed is refused.
TRANSITIONS = {
    (DRAFT, "submit"): SUBMITTED,
    (SENT_BACK, "submit"): SUBMITTED,
    (SUBMITTED, "recall"): DRAFT,
    (SUBMITTED, "send_back"): SENT_BACK,
    (SUBMITTED, "approve"): PUBLISHED,
    (PUBLISHED, "reopen"): DRAFT,
    (WITHDRAWN, "reopen"): DRAFT,
    (PUBLISHED, "withdraw"): WITHDRAWN,
}

#: States in which the vendor may change the working copy.
EDITABLE = frozenset({DRAFT, SENT_BACK})
STATES = (DRAFT, SUBMITTED, SENT_BACK, PUBLISHED, WITHDRAWN)
