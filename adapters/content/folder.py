"""Uploads to the media folder, by signed URLs of our own endpoint.

A part is a file of its own until the upload is complete; a part that is sent again replaces it. The
key of the signatures is a file beside them.
"""

import os
import secrets
import shutil
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final
from uuid import uuid4

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from adapters.content.keys import key_of, name_of, prefix_of
from adapters.media.folder_errors import folder_errors
from adapters.sql.private_files import make_private_folder
from application.content.upload_store import PartRefused, Unfinished, UploadKey, UploadPart
from application.kernel.ports import Clock, MediaMissing
from domain.ids import ContentId, TenantId

ENDPOINT: Final = "/v1/content-uploads/"
KEY_FILE: Final = ".upload-key"
KEY_BYTES: Final = 32
ALGORITHM: Final = "HS256"
TYPE: Final = "kinelog-upload+jwt"
COPY_BYTES: Final = 2**20


class FolderUploads:
    """An `UploadStore` and `PartReceiver` in a folder. Thread-safe."""

    def __init__(self, root: Path, clock: Clock) -> None:
        self._root = root
        self._clock = clock

    def begin(self, key: UploadKey, media_type: str) -> None:  # noqa: ARG002  files have no type
        with folder_errors(self._root):
            make_private_folder(self._parts(key))

    def part_urls(
        self, key: UploadKey, parts: Sequence[UploadPart], lasts: timedelta
    ) -> Sequence[str]:
        if not self._parts(key).is_dir():
            return ()
        until = int((self._clock() + lasts).timestamp())
        return [self._url(key, part, until) for part in parts]

    def expected_size(self, token: str) -> int:
        return self._claims(token)[2]

    def receive(self, token: str, content: Iterable[bytes]) -> None:
        key, number, size = self._claims(token)
        folder = self._parts(key)
        incoming = folder / f".incoming-{uuid4()}"
        with folder_errors(self._root):
            try:
                with incoming.open("xb") as file:
                    _write_exactly(file, content, size)
                incoming.replace(folder / str(number))
            except FileNotFoundError:  # the upload is over
                raise PartRefused from None
            finally:
                incoming.unlink(missing_ok=True)

    def arrived(self, key: UploadKey) -> dict[int, int]:
        folder = self._parts(key)
        with folder_errors(self._root):
            try:
                files = [each for each in folder.iterdir() if each.name.isdecimal()]
                return {int(each.name): each.stat().st_size for each in files}
            except FileNotFoundError:  # not begun, or complete by now
                return {}

    def complete(self, key: UploadKey) -> int:
        folder, whole = self._parts(key), self._whole(key)
        with folder_errors(self._root):
            if not whole.exists():
                try:
                    self._join_parts(folder, whole, sorted(self.arrived(key)))
                except (FileNotFoundError, MediaMissing):
                    if not whole.exists():  # otherwise another request completed it meanwhile
                        raise
            shutil.rmtree(folder, ignore_errors=True)
            return whole.stat().st_size

    def _join_parts(self, folder: Path, whole: Path, numbers: Sequence[int]) -> None:
        if not numbers:
            raise MediaMissing
        incoming = whole.with_name(f".incoming-{uuid4()}")
        try:
            self._join(incoming, [folder / str(number) for number in numbers])
            with suppress(FileExistsError):  # a file that may be checked already stays
                whole.hardlink_to(incoming)
        finally:
            incoming.unlink(missing_ok=True)

    def _join(self, whole: Path, parts: Iterable[Path]) -> None:
        with whole.open("xb") as file:
            for each in parts:
                with each.open("rb") as part:
                    shutil.copyfileobj(part, file, COPY_BYTES)
            file.flush()
            os.fsync(file.fileno())

    def size(self, key: UploadKey) -> int | None:
        with folder_errors(self._root):
            whole = self._whole(key)
            return whole.stat().st_size if whole.is_file() else None

    @contextmanager
    def local(self, key: UploadKey) -> Generator[Path]:
        whole = self._whole(key)
        if not whole.is_file():
            raise MediaMissing
        yield whole

    def remove(self, key: UploadKey) -> None:
        with folder_errors(self._root):
            shutil.rmtree(self._whole(key).parent, ignore_errors=True)

    def unfinished(self, tenant_id: TenantId) -> Iterator[Unfinished]:
        with folder_errors(self._root):
            for folder in self._root.glob(f"{prefix_of(tenant_id)}*/*/parts"):
                key = key_of(folder.parent.relative_to(self._root).as_posix())
                if key is not None:
                    started = datetime.fromtimestamp(folder.parent.stat().st_ctime, UTC)
                    yield Unfinished(key, started)

    def _url(self, key: UploadKey, part: UploadPart, until: int) -> str:
        claims = {
            "tenant": key.tenant_id,
            "content": key.content_id,
            "number": key.number,
            "part": part.number,
            "size": part.size,
            "exp": until,
        }
        return ENDPOINT + jwt.encode({"alg": ALGORITHM, "typ": TYPE}, claims, self._key())

    def _parts(self, key: UploadKey) -> Path:
        return self._root / name_of(key) / "parts"

    def _whole(self, key: UploadKey) -> Path:
        return self._root / name_of(key) / "file"

    def _claims(self, token: str) -> tuple[UploadKey, int, int]:
        """Return the key of the upload, and number and size of the part. Raises PartRefused."""
        try:
            claims = jwt.decode(token, self._key(), algorithms=[ALGORITHM]).claims
        except (JoseError, ValueError, TypeError):
            raise PartRefused from None
        if self._clock().timestamp() > claims["exp"]:
            raise PartRefused
        content_id = ContentId(claims["content"])
        key = UploadKey(TenantId(claims["tenant"]), content_id, claims["number"])
        return key, claims["part"], claims["size"]

    def _key(self) -> OctKey:
        """Return the key; the first process makes it, all others read it."""
        path = self._root / KEY_FILE
        with folder_errors(self._root):
            if not path.exists():
                make_private_folder(self._root)
                draft = path.with_name(f"{KEY_FILE}-{uuid4()}")
                descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(descriptor, "wb") as file:
                    file.write(secrets.token_bytes(KEY_BYTES))
                with suppress(FileExistsError):
                    path.hardlink_to(draft)
                draft.unlink()
            return OctKey.import_key(path.read_bytes())


def _write_exactly(file: BinaryIO, content: Iterable[bytes], size: int) -> None:
    """Write the content if it has the size, else raise PartRefused."""
    left = size
    for chunk in content:
        left -= len(chunk)
        if left < 0:
            raise PartRefused
        file.write(chunk)
    if left:
        raise PartRefused
    file.flush()
    os.fsync(file.fileno())
