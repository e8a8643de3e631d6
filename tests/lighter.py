"""What an application of the tests does only once in a process, or more cheaply, than one that serves people.

Every test has an application of its own, made anew; these are the costs of making one that prove nothing. The servers
that tests start as processes (`tests.live`) take no part in it.
"""

from functools import partial

from apispec import APISpec
from argon2 import PasswordHasher
from flask import Flask
from flask_smorest import Blueprint
from jinja2 import BytecodeCache

from marketplace.accounts import passwords


class _Compiled(BytecodeCache):
    """Templates as Python code, compiled once in a process; a template that changes is compiled again."""

    def __init__(self):
        self._kept = {}

    def load_bytecode(self, bucket):
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket):
        self._kept[bucket.key, bucket.checksum] = bucket.code


def share_templates():
    """Let the applications of this process share compiled templates."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": _Compiled()}


def describe_when_asked():
    """Write the description of the API when somebody reads it, not whenever an application is made."""
    register, to_dict = Blueprint.register_views_in_doc, APISpec.to_dict

    def later(blueprint, api, app, spec, **kwargs):
        vars(spec).setdefault("waiting", []).append(partial(register, blueprint, api, app, spec, **kwargs))

    def now(spec):
        waiting = vars(spec).get("waiting", [])
        while waiting:
            waiting.pop(0)()
        return to_dict(spec)

    Blueprint.register_views_in_doc, APISpec.to_dict = later, now


def hash_cheaply():
    """Hash passwords in a moment. What they cost in production, `tests/marketplace/test_accounts_core.py` proves."""
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    passwords._dummy = passwords._hasher.hash("no account has this password")
