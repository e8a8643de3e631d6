"""The one life cycle of every listing kind, as a table: documentation, guard and test data at once."""

DRAFT, SUBMITTED, SENT_BACK, PUBLISHED, WITHDRAWN, SUSPENDED = (
    "draft",
    "submitted",
    "sent_back",
    "published",
    "withdrawn",
    "suspended",
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
    # A begun edition is given up; what is public stays. Only bundles have it: theirs is made of a version that all
    # have signed, and ends with it.
    (DRAFT, "drop"): PUBLISHED,
    (SENT_BACK, "drop"): PUBLISHED,
    # The operator takes a public listing down, whatever its working copy is in; only the operator lifts that.
    (DRAFT, "suspend"): SUSPENDED,
    (SUBMITTED, "suspend"): SUSPENDED,
    (SENT_BACK, "suspend"): SUSPENDED,
    (PUBLISHED, "suspend"): SUSPENDED,
    (SUSPENDED, "lift"): PUBLISHED,
}

#: States in which the vendor may change the working copy.
EDITABLE = frozenset({DRAFT, SENT_BACK})
STATES = (DRAFT, SUBMITTED, SENT_BACK, PUBLISHED, WITHDRAWN, SUSPENDED)
