"""Requests to an Elasticsearch server or cluster. The one module that knows its client."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from matching.search.engine import EngineDown, EngineUnusable

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

#: Major version of the server that this engine is written and tested for.
MAJOR_VERSION = 9
#: Seconds to wait for an answer to a question, and to a write.
ASK_SECONDS = 3.0
WRITE_SECONDS = 60.0
#: A request goes to so many further nodes, or to the same one again, when a node is gone or too slow.
RETRIES = 5
TOO_MANY = 429
_NOT_NOW = frozenset({TOO_MANY, 500, 502, 503, 504})


class Unavailable(EngineDown):
    """A node answered that the cluster cannot do it now; it may in a moment, when another copy has taken over."""


class Busy(Unavailable):
    """A node has too much to do to take a request now; the same one may do when it comes a little later."""


class Refused(Exception):
    """The server understood a request and refused it.

    Attributes:
        status: of HTTP; kind: the server's name of the error.
    """

    def __init__(self, status: int, kind: str, reason: str) -> None:
        super().__init__(f"{status} {kind}: {reason}")
        self.status = status
        self.kind = kind


class Connection:
    """One or more nodes of a cluster; made without asking any of them.

    Args:
        urls: of every node that may be asked.
        api_key: sent with each request when there is one.
    """

    def __init__(self, urls: Sequence[str], api_key: str | None = None) -> None:
        self._urls = list(urls)
        self._api_key = api_key
        self._client: Elasticsearch | None = None
        self._is_known = False

    def close(self) -> None:
        """Give the connections back."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        parameters: Mapping[str, str | int | bool] = MappingProxyType({}),
        *,
        seconds: float = ASK_SECONDS,
    ) -> Any:
        """Send a request and return the answer's JSON.

        Args:
            body: what becomes JSON, or an iterable of it for a path that takes lines of JSON.

        Raises:
            EngineDown: no node answered in time, or the cluster cannot answer now.
            EngineUnusable: the server is none of `MAJOR_VERSION`.
            Refused: the server refused the request.
        """
        if not self._is_known:
            self._check_version()
        return self._send(method, path, body, seconds, parameters)

    def _check_version(self) -> None:
        # GET / may be switched off; the nodes tell their version everywhere.
        found = self._send("GET", "/_nodes", None, ASK_SECONDS, {"filter_path": "nodes.*.version"})
        versions = sorted({node["version"] for node in found.get("nodes", {}).values()})
        if not versions or any(int(version.split(".")[0]) != MAJOR_VERSION for version in versions):
            raise EngineUnusable(
                f"Elasticsearch {MAJOR_VERSION} is needed, the server is {', '.join(versions)}"
            )
        self._is_known = True

    def _send(
        self, method: str, path: str, body: Any, seconds: float, parameters: Mapping[str, str | int | bool]
    ) -> Any:
        import elasticsearch as client  # noqa: PLC0415 — takes a second, and only those who use a server need it

        headers, data = _encoded(body)
        given = {
            name: str(value).lower() if isinstance(value, bool) else value
            for name, value in parameters.items()
        }
        sender = self._made().options(request_timeout=seconds)
        try:
            return sender.perform_request(method, path, params=given, headers=headers, body=data).body
        except client.UnsupportedProductError as error:
            raise EngineUnusable(str(error)) from error
        except client.ApiError as error:
            kind, reason = _told(error.body)
            if error.status_code in _NOT_NOW:
                busy = Busy if error.status_code == TOO_MANY else Unavailable
                raise busy(f"{error.status_code} {kind}: {reason}") from error
            raise Refused(error.status_code, kind, reason) from error
        except client.TransportError as error:
            raise EngineDown(f"no node of {', '.join(self._urls)} answers: {error.message}") from error

    def _made(self) -> Elasticsearch:
        if self._client is None:
            from elasticsearch import Elasticsearch  # noqa: PLC0415 — as in `_send`

            self._client = Elasticsearch(
                self._urls,
                api_key=self._api_key,
                max_retries=RETRIES,
                # One node that hangs will not answer the same question any sooner.
                retry_on_timeout=len(self._urls) > 1,
            )
        return self._client


def _encoded(body: Any) -> tuple[dict[str, str], bytes | None]:
    headers = {"accept": "application/json"}
    if body is None:
        return headers, None
    if isinstance(body, Mapping):
        return {**headers, "content-type": "application/json"}, _dumped(body)
    return {**headers, "content-type": "application/x-ndjson"}, b"".join(
        _dumped(line) + b"\n" for line in body
    )


def _dumped(line: Any) -> bytes:
    if isinstance(line, bytes):
        return line
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _told(body: Any) -> tuple[str, str]:
    error = body.get("error") if isinstance(body, Mapping) else None
    if not isinstance(error, Mapping):
        return "error", str(body)[:300]
    causes: Iterable[Mapping[str, Any]] = error.get("root_cause") or [error]
    reasons = "; ".join(str(cause.get("reason")) for cause in causes)
    return str(error.get("type")), reasons[:600]
