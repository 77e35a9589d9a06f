"""Files in a bucket of an S3-compatible storage. It shows an object once all of it is there."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from obstore.exceptions import BaseError, PermissionDeniedError
from obstore.store import S3Store

from core.errors import NotFound, OneThreadError
from core.files import FilesUnavailable
from core.settings import Settings

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig, S3Config

WAITS: "ClientConfig" = {"connect_timeout": timedelta(seconds=5), "timeout": timedelta(seconds=60)}
"""Of one request: files above a few megabytes go up in several."""
TRIES: "RetryConfig" = {"max_retries": 3, "retry_timeout": timedelta(seconds=60)}
CHECKED = "check"
NOT_ACCEPTED = frozenset({"InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken"})


def bucket(settings: Settings) -> "Bucket":
    """Raises OneThreadError when the address names no bucket."""
    address = re.fullmatch(r"s3://([^/\s]+)/?(\S*?)/?", settings.files_url)
    if address is None:
        raise OneThreadError(
            "ONETHREAD_FILES_URL must name a bucket, as in s3://bucket or s3://bucket/folder. "
            "Leave it empty to keep files in the data folder."
        )
    return Bucket(address[1], address[2], settings)


class Bucket:
    def __init__(self, name: str, prefix: str, settings: Settings) -> None:
        self.name, self.prefix = name, prefix
        self.endpoint = settings.aws_endpoint_url
        # What is not set here is looked for where AWS's own tools look, down to the machine's role.
        told = {
            "endpoint": settings.aws_endpoint_url,
            "region": settings.aws_region,
            "access_key_id": settings.aws_access_key_id,
            "secret_access_key": settings.aws_secret_access_key,
        }
        self._store = S3Store(
            name,
            prefix=prefix or None,
            config=cast("S3Config", {key: value for key, value in told.items() if value}),
            client_options={**WAITS, "allow_http": self.endpoint.startswith("http://")},
            retry_config=TRIES,
        )

    def has(self, key: str) -> bool:
        try:
            self._store.head(_path(key))
        except (FileNotFoundError, PermissionDeniedError):
            # Whoever may not list a bucket is not told that an object isn't there.
            return False
        except BaseError as wrong:
            raise self._unavailable(wrong) from wrong
        return True

    def write(self, key: str, content: bytes) -> None:
        try:
            self._store.put(_path(key), content)
        except (FileNotFoundError, BaseError) as wrong:
            raise self._unavailable(wrong) from wrong

    def read(self, key: str) -> bytes:
        return b"".join(self._parts(key))

    @contextmanager
    def on_disk(self, key: str) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(prefix="onethread-") as folder:
            path = Path(folder) / key
            with path.open("wb") as file:
                file.writelines(self._parts(key))
            yield path

    def check(self) -> str:
        """Writes, reads and deletes one object."""
        self.write(CHECKED, b"onethread doctor")
        self.read(CHECKED)
        try:
            self._store.delete(_path(CHECKED))
        except (FileNotFoundError, BaseError) as wrong:
            raise self._unavailable(wrong) from wrong
        return f"{self._where}, read and written"

    def _parts(self, key: str) -> Iterator[Any]:
        try:
            yield from self._store.get(_path(key)).stream()
        except FileNotFoundError as wrong:
            if _code(wrong) == "NoSuchBucket":
                raise self._unavailable(wrong) from wrong
            raise NotFound("This file is no longer in the file store.") from wrong
        except BaseError as wrong:
            raise self._unavailable(wrong) from wrong

    @property
    def _where(self) -> str:
        return f"bucket {self.name} at {self.endpoint or 'AWS'}"

    def _unavailable(self, wrong: Exception) -> FilesUnavailable:
        code = _code(wrong)
        if code == "NoSuchBucket" or isinstance(wrong, FileNotFoundError):
            what = "There is none of this name: create it, or correct ONETHREAD_FILES_URL."
        elif code in NOT_ACCEPTED:
            what = "The keys are not accepted: check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        elif isinstance(wrong, PermissionDeniedError):
            what = "The keys may not do that: allow them to get, put and delete objects there."
        elif "redential" in str(wrong) or "169.254.169.254" in str(wrong):
            what = "There are no keys: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        elif code:
            what = f"It refuses with {code}: check ONETHREAD_FILES_URL and AWS_REGION."
        else:
            what = "It does not answer: check AWS_ENDPOINT_URL, and whether the storage is up."
        return FilesUnavailable(f"File storage, {self._where}: {what}")


def _path(key: str) -> str:
    return f"{key[:2]}/{key}"


def _code(wrong: Exception) -> str:
    """What S3 calls the error."""
    found = re.search(r"<Code>(\w+)</Code>", str(wrong))
    return found[1] if found else ""
