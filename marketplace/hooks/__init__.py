"""Webhooks: what happened, told to programs of the organization whose matter it is. docs/webhooks.md says how."""
