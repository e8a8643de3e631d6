"""A bucket of an S3-compatible server as a file store.

Credentials come from where the client library always looks (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, …), never
from the URL: addresses end up in logs.
"""

import threading
from functools import cached_property
from typing import IO, Any, cast
from urllib.parse import parse_qs, urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

#: Larger streams go up in parts of this many bytes; the protocol asks for at least 5 MiB a part.
PART = 8 * 1024 * 1024
KNOWN = {"endpoint", "region"}


class S3Store:
    """Bytes as objects named `prefix` + key; the client is made when it is first needed."""

    def __init__(
        self, bucket: str, *, prefix: str = "", endpoint: str | None = None, region: str | None = None
    ) -> None:
        self.bucket = bucket
        self.prefix = prefix
        self.endpoint = endpoint
        self.region = region
        self._making = threading.Lock()

    @classmethod
    def from_url(cls, url: str) -> "S3Store":
        """Read `s3://BUCKET[/PREFIX][?endpoint=URL&region=NAME]`. Raises ValueError: it is not that."""
        parts = urlsplit(url)
        given = parse_qs(parts.query, strict_parsing=bool(parts.query))
        unknown = set(given) - KNOWN
        if not parts.hostname or parts.username or parts.port or unknown:
            raise ValueError("FILES_URL: use s3://BUCKET[/PREFIX][?endpoint=URL&region=NAME]")
        folder = parts.path.strip("/")
        endpoint, region = (given.get(name, [None])[0] for name in ("endpoint", "region"))
        return cls(
            parts.netloc,
            prefix=f"{folder}/" if folder else "",
            endpoint=endpoint,
            region=region or "us-east-1",
        )

    def put(self, key: str, stream: IO[bytes]) -> None:
        """One request for small streams, parts for large ones; parts of a broken upload are given up again."""
        name = self._name(key)
        stream.seek(0)
        first = _read(stream, PART)
        if len(first) < PART:
            self._client.put_object(Bucket=self.bucket, Key=name, Body=first)
            return
        target = {"Bucket": self.bucket, "Key": name}
        upload = {**target, "UploadId": self._client.create_multipart_upload(**target)["UploadId"]}
        try:
            done: list[dict[str, Any]] = []
            part = first
            while part:
                number = len(done) + 1
                sent = self._client.upload_part(**upload, PartNumber=number, Body=part)
                done.append({"PartNumber": number, "ETag": sent["ETag"]})
                part = _read(stream, PART)
            self._client.complete_multipart_upload(**upload, MultipartUpload={"Parts": done})
        except BaseException:
            self._client.abort_multipart_upload(**upload)
            raise

    def open(self, key: str) -> IO[bytes]:
        """The object's bytes as they arrive."""
        name = self._name(key)
        try:
            return cast(IO[bytes], self._client.get_object(Bucket=self.bucket, Key=name)["Body"])
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in ("NoSuchKey", "404"):
                raise FileNotFoundError(key) from None
            raise

    def delete(self, key: str) -> None:
        """Remove the object; the protocol takes it well if there is none."""
        self._client.delete_object(Bucket=self.bucket, Key=self._name(key))

    def _name(self, key: str) -> str:
        if not (key.isascii() and key.isalnum()):
            raise ValueError(f"not a storage key: {key!r}")
        return self.prefix + key

    @property
    def _client(self) -> Any:
        with self._making:  # making a client is not safe in threads, using one is
            return self._made

    @cached_property
    def _made(self) -> Any:
        # Compatible servers know bucket names in the path, and few of them the newer checksum headers.
        settings = Config(
            s3={"addressing_style": "path" if self.endpoint else "auto"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            connect_timeout=5,
            read_timeout=30,
            retries={"max_attempts": 3, "mode": "standard"},
        )
        return boto3.session.Session().client(
            "s3", endpoint_url=self.endpoint, region_name=self.region, config=settings
        )


def _read(stream: IO[bytes], size: int) -> bytes:
    """Exactly `size` bytes unless the stream ends before: a single read may answer fewer."""
    parts, missing = [], size
    while missing and (chunk := stream.read(missing)):
        parts.append(chunk)
        missing -= len(chunk)
    return b"".join(parts)
