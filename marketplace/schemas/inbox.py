"""What waits for the asker, as answered."""

from marshmallow import fields

from marketplace.schemas.fields import Strict


class InboxItemOut(Strict):
    """One thing that waits."""

    kind = fields.String(
        required=True, metadata={"description": "Name of its kind, such as finding or review."}
    )
    text = fields.String(required=True, metadata={"description": "What, in the reader's language."})
    context = fields.String(required=True, metadata={"description": "In which connection."})
    who = fields.String(required=True, metadata={"description": "Who acts."})
    due = fields.Date(required=True, allow_none=True, metadata={"description": "By when, a Korean date."})
    url = fields.String(required=True, metadata={"description": "Address of the page at which it is done."})
    action = fields.String(required=True, metadata={"description": "The words of its button."})
