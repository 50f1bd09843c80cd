"""What not every command that opens the platform needs is opened by the first who asks for it.

FFmpeg takes a moment to load, and so do the dictionaries that judge passwords.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

from application.kernel.command_handler import CommandHandler
from application.kernel.ports import EventLog
from application.kernel.video import Overlay, Video, VideoShape
from application.knowledge.search import Knowledge
from application.live.image_analysis import Pixels
from application.share_links import LinkSigner, SharedLink
from application.users.services import UserServices
from bootstrap.settings import Settings
from bootstrap.wiring.encryption import EncryptionServices

T = TypeVar("T")


class Late(Generic[T]):
    """Opens something for the first who asks for it, and closes it if it was opened."""

    def __init__(self, open_it: Callable[[], AbstractContextManager[T]]) -> None:
        self._open_it = open_it
        self._lock = Lock()
        self._opened = ExitStack()
        self._found: list[T] = []

    def __call__(self) -> T:
        with self._lock:
            if not self._found:
                self._found.append(self._opened.enter_context(self._open_it()))
            return self._found[0]

    def close(self) -> None:
        """Close it. Nobody asks afterwards."""
        self._opened.close()


def lazy_user_services(
    settings: Settings, sealing: EncryptionServices, log: EventLog, opened: ExitStack
) -> Callable[[CommandHandler], Callable[[], UserServices]]:
    """Give a way to the accounts, which are closed with `opened` if anybody took it."""

    def made(commands: CommandHandler) -> Callable[[], UserServices]:
        def open_it() -> AbstractContextManager[UserServices]:
            from bootstrap.wiring.users import build_user_services  # noqa: PLC0415  loads dictionaries, JOSE

            return build_user_services(settings, sealing, log, commands)

        late = Late(open_it)
        opened.callback(late.close)
        return late

    return made


def lazy_knowledge(settings: Settings, opened: ExitStack) -> Callable[[], Knowledge]:
    """Give a way to what is known in words, which is closed with `opened` if anybody took it."""

    def open_it() -> AbstractContextManager[Knowledge]:
        from bootstrap.wiring.knowledge import build_knowledge  # noqa: PLC0415  hashes some hundred passages

        return build_knowledge(settings)

    late = Late(open_it)
    opened.callback(late.close)
    return late


class LateLinks:
    """Satisfies `application.share_links.LinkSigner` with JOSE, imported when a link is signed."""

    def __init__(self, sealing: EncryptionServices) -> None:
        self._sealing = sealing

    @cached_property
    def _links(self) -> LinkSigner:
        from adapters.share_links.tokens import JoseLinks  # noqa: PLC0415  loads JOSE

        return JoseLinks(self._sealing.keys, self._sealing.kms)

    def sign(self, link: SharedLink) -> str:
        return self._links.sign(link)

    def read(self, token: str) -> SharedLink:
        return self._links.read(token)


class LateDecoder:
    """Video decoder that imports PyAV when a video is opened."""

    def open(self, path: Path) -> AbstractContextManager[Video]:
        from adapters.video.decoder import PyAvDecoder  # noqa: PLC0415  it loads FFmpeg

        return PyAvDecoder().open(path)


class LateOverlaySink:
    """Satisfies `application.kernel.video.OverlaySink` with PyAV, imported when one is written."""

    def open(self, path: Path, shape: VideoShape) -> AbstractContextManager[Overlay]:
        from adapters.video.overlay import PyAvOverlaySink  # noqa: PLC0415  it loads FFmpeg

        return PyAvOverlaySink().open(path, shape)


class LatePictures:
    """Satisfies `application.kernel.video.ImageCodec`, imported when a picture is opened."""

    def check(self, picture: bytes) -> None:
        from adapters.video.images import JpegPictures  # noqa: PLC0415  it loads FFmpeg

        JpegPictures().check(picture)

    def open(self, picture: bytes) -> Pixels:
        from adapters.video.images import JpegPictures  # noqa: PLC0415  it loads FFmpeg

        return JpegPictures().open(picture)

    def encode_video(self, path: Path, pictures: Iterable[tuple[float, bytes]]) -> None:
        from adapters.video.images import JpegPictures  # noqa: PLC0415  it loads FFmpeg

        JpegPictures().encode_video(path, pictures)
