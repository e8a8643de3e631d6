"""What every operation has in common, in one decorator: permission, strict parameters, one transaction, idempotency,
and a description with all its answers."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import wraps
from typing import Any, NamedTuple

from flask import Response, abort, current_app, g, jsonify, request
from flask_login import current_user
from flask_smorest import Blueprint
from marshmallow import Schema, fields
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from webargs.flaskparser import FlaskParser
from werkzeug.datastructures import CombinedMultiDict

from catalog.errors import Conflict, Invalid, Problem
from marketplace.accounts import tokens
from marketplace.accounts.models import IdempotencyRecord
from marketplace.accounts.permission import requires
from marketplace.accounts.roles import PERMISSIONS, PUBLIC
from marketplace.api import bodies
from marketplace.extensions import db, now
from marketplace.schemas.fields import Strict, problems

MAX_KEY_LENGTH = 255
PROBLEM_JSON = "application/problem+json"


#: How long a key is remembered.
KEPT = timedelta(hours=24)
#: Makes a field of an answer again from the others.
Derive = Callable[[Mapping[str, Any]], str]


class Secret(NamedTuple):
    """A field of an answer that is shown and never kept.

    `derive` makes it from the rest of the answer; None: it is the request's token (`token_word`).
    """

    name: str
    derive: Derive | None = None


class ErrorItem(Strict):
    """One thing wrong: where (a JSON pointer), what (a code), in words."""

    pointer = fields.String(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)
    rule = fields.String()


class ProblemOut(Strict):
    """A refusal (RFC 9457)."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True)
    errors = fields.List(fields.Nested(ErrorItem), required=True)


class Parser(FlaskParser):
    """Reads requests strictly: schemas decide what is unknown, and every fault becomes a problem at its field."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {}  # noqa: RUF012  # webargs' own way

    def load_json(self, req: Any, schema: Schema) -> Any:
        """The body; 415 for another media type, 400 for what is not JSON, 422 for a field that stands twice."""
        if not req.is_json:
            abort(415)
        try:
            return bodies.read(req.get_data())
        except (ValueError, RecursionError):
            abort(400)

    def load_files(self, req: Any, schema: Schema) -> Any:
        """The parts of a multipart form: files, and the texts beside them."""
        return self._makeproxy(CombinedMultiDict([req.files, req.form]), schema)

    def handle_error(self, error: Any, req: Any, schema: Any, **_: Any) -> Any:
        """Strip the location and hand the messages on as problems."""
        found = [problem for messages in error.messages.values() for problem in problems(messages)]
        raise Invalid(found)


class ApiBlueprint(Blueprint):
    """A blueprint whose descriptions name the Idempotency-Key of every POST."""

    ARGUMENTS_PARSER = Parser()

    def __init__(self, name: str, import_name: str, description: str) -> None:
        super().__init__(name, import_name, url_prefix="/api/v1", description=description)
        self._prepare_doc_cbks.append(self._document_idempotency)

    def _document_idempotency(
        self, doc: dict[str, Any], _info: Any, *, method: str, **_: Any
    ) -> dict[str, Any]:
        if method == "post":
            schema = {"type": "string", "minLength": 1, "maxLength": MAX_KEY_LENGTH, "pattern": "^[!-~]+$"}
            doc.setdefault("parameters", []).append(
                {
                    "in": "header",
                    "name": "Idempotency-Key",
                    "required": False,
                    "description": "The same key and body give the same answer, once done.",
                    "schema": schema,
                }
            )
        return doc


def operation(
    bp: ApiBlueprint,
    method: str,
    path: str,
    *,
    permission: str,
    summary: str,
    answer: type[Schema] | Mapping[str, str],
    content_type: str | None = None,
    status: int = 200,
    body: type[Schema] | None = None,
    query: type[Schema] | None = None,
    files: type[Schema] | None = None,
    example: dict[str, Any] | None = None,
    conflicts: bool = False,
    derived: str | Secret | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a function an operation; its name in camelCase is the operationId.

    Args:
        permission: a line of the role table.
        answer, content_type: schema of the success answer; for bytes their OpenAPI schema and their type.
        body, files, query: schemas of what it takes, handed to the function in this order.
        example: a body that is valid as it stands.
        conflicts: whether the state of a thing can be in the way (409).
        derived: an answered field that is derived anew when an idempotent request is repeated, never kept.
    """

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        described = view
        for schema, location in ((query, "query"), (files, "files"), (body, "json")):
            if schema is not None:
                described = bp.arguments(schema, location=location, example=example)(described)
        described = bp.response(status, answer, content_type=content_type)(described)
        refusals = _refusals(permission, _names(path, query), method, (body or files) is not None, conflicts)
        described = _describe(bp, described, permission, summary, refusals)
        run = requires(permission)(_run(described, method, _known_parameters(query), _secret(derived)))
        return bp.route(path, methods=[method], endpoint=view.__name__)(run)

    return decorate


def _secret(derived: str | Secret | None) -> Secret | None:
    return Secret(derived) if isinstance(derived, str) else derived


def token_word() -> str | None:
    """The word that a token made by this request must have, so that a repeat answers the same one; None = any."""
    key = _key()
    return None if key is None else tokens.derived(_scope(), key, _request_hash())


def _describe(
    bp: ApiBlueprint, view: Callable[..., Any], permission: str, summary: str, refusals: list[int]
) -> Callable[..., Any]:
    """Add the name, the summary, who may, and every answer that refuses."""
    described = view
    for code in refusals:
        described = bp.alt_response(code, schema=ProblemOut, content_type=PROBLEM_JSON)(described)
    public = PUBLIC in PERMISSIONS[permission]
    security: list[dict[str, list[str]]] = [] if public else [{"bearer": []}]
    named: Callable[..., Any] = bp.doc(operationId=_camel(view.__name__), summary=summary, security=security)(
        described
    )
    return named


def _known_parameters(query: type[Schema] | None) -> dict[str, bool]:
    """Return the names of the parameters, each with whether it may be given several times."""
    named = {} if query is None else query().fields
    return {field.data_key or name: isinstance(field, fields.List) for name, field in named.items()}


def _run(
    view: Callable[..., Any], method: str, known: Mapping[str, bool], secret: Secret | None
) -> Callable[..., Any]:
    @wraps(view)
    def run(*args: Any, **kwargs: Any) -> Any:
        given = sorted(request.args.lists())
        wrong = [Problem(name, "unknown_field") for name, _ in given if name not in known]
        twice = [name for name, values in given if len(values) > 1 and not known.get(name, True)]
        if wrong or twice:
            raise Invalid([*wrong, *(Problem(name, "given_twice") for name in twice)])
        if method == "GET":
            return view(*args, **kwargs)
        key = _key() if method == "POST" else None
        if key is None:
            response = current_app.make_response(view(*args, **kwargs))
            db.commit()
            return response
        return _once(key, lambda: current_app.make_response(view(*args, **kwargs)), secret)

    return run


def _once(key: str, act: Callable[[], Response], secret: Secret | None) -> Response:
    """Act and keep the answer in one transaction; whoever comes second gets the first one's answer."""
    record = _new_record(key)
    try:
        db.flush()  # the unique key decides who is first
    except IntegrityError:
        db.rollback()
        return _once(key, act, secret) if _forget_old(key) else _repeat(key, secret)
    g.idempotent = True
    try:
        response = act()
        if record not in db:  # a password was checked on the way: no lock is held meanwhile
            record = _new_record(key)
        body = response.get_json(silent=True)
        record.status = response.status_code
        hidden = None if secret is None else secret.name
        record.answer = {name: value for name, value in (body or {}).items() if name != hidden}
        db.commit()
    except IntegrityError:
        db.rollback()
        if _known(key) is None:
            raise
        return _repeat(key, secret)
    return response


def _new_record(key: str) -> IdempotencyRecord:
    record = IdempotencyRecord(scope=_scope(), key=key, request_hash=_request_hash(), created_at=now())
    db.add(record)
    return record


def _known(key: str) -> IdempotencyRecord | None:
    known = select(IdempotencyRecord).where(IdempotencyRecord.scope == _scope(), IdempotencyRecord.key == key)
    return db.scalar(known)


def _forget_old(key: str) -> bool:
    """Take the record of the key away if its day is over and the worker has not yet; whether it was so."""
    record = _known(key)
    if record is None or now() - record.created_at < KEPT:
        return False
    db.delete(record)
    db.commit()
    return True


def _repeat(key: str, secret: Secret | None) -> Response:
    record = _known(key)
    if record is None or record.status is None:
        raise Conflict("idempotency_running")
    if record.request_hash != _request_hash():
        raise Invalid.at("Idempotency-Key", "idempotency_mismatch")
    body = dict(record.answer or {})
    if secret is not None and secret.derive is not None:
        body[secret.name] = secret.derive(body)
    elif secret is not None:
        body[secret.name] = tokens.derived(_scope(), key, record.request_hash)
    response = jsonify(body)
    response.status_code = record.status
    response.headers["Idempotency-Replayed"] = "true"
    return response


def _key() -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and re.fullmatch(rf"[!-~]{{1,{MAX_KEY_LENGTH}}}", key) is None:
        raise Invalid.at("Idempotency-Key", "idempotency_key")
    return key


def _scope() -> str:
    return str(current_user.scope)


def _request_hash() -> str:
    """The same for the same request. Clients part a form with a new random line each time, so its content counts."""
    if "request_hash" not in g:
        parts = [request.method.encode(), request.full_path.encode()]
        parts += _form_parts() if request.mimetype == "multipart/form-data" else [request.get_data()]
        g.request_hash = hashlib.sha256(b"\0".join(parts)).hexdigest()
    return str(g.request_hash)


def _form_parts() -> list[bytes]:
    parts = [json.dumps(list(request.form.items(multi=True))).encode()]
    for name, sent in request.files.items(multi=True):
        content = hashlib.sha256(sent.stream.read()).hexdigest()
        sent.stream.seek(0)
        parts.append(json.dumps([name, sent.filename, sent.mimetype, content]).encode())
    return parts


def _names(path: str, query: type[Schema] | None) -> bool:
    """Whether the address names something that may not be there, in its path or by an id in its query."""
    asked = {} if query is None else query().fields
    return "<" in path or any(isinstance(field, fields.UUID) for field in asked.values())


def _refusals(permission: str, names: bool, method: str, has_body: bool, conflicts: bool) -> list[int]:
    codes = {422, 429, 503}
    if PUBLIC not in PERMISSIONS[permission]:
        codes |= {401, 403}
    if names:
        codes.add(404)
    if has_body or method == "POST":
        codes |= {400, 413, 415}
    if conflicts or method in ("POST", "PUT", "PATCH"):
        codes.add(409)
    return sorted(codes)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
