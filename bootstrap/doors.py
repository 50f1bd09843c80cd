"""How wide the doors of a server stand, by its settings and by who can reach it."""

import ipaddress
from functools import cache
from urllib.parse import urlsplit

from adapters.limiting.windows import SlidingWindows
from adapters.mannequin.demonstration import demonstration
from adapters.mediapipe.model import PoseModelSource
from api.doors import Doors
from api.graphql.documents import Documents
from bootstrap.settings import Settings, separated
from domain.kernel import Rejected


class OpenToOthers(Rejected):
    """Nobody has to sign in, and others can reach this address: require it, or say that they may.

    Set KINELOG_SIGN_IN=required, or KINELOG_OPEN_ANYWHERE=true.
    """

    code = "serve.open_to_others"
    kind = "invalid"


def doors_of(settings: Settings, host: str) -> Doors:
    """Say how wide the doors stand on an address. Raises OpenToOthers and DocumentsUnreadable."""
    if not (settings.must_sign_in or settings.open_anywhere or is_loopback(host)):
        raise OpenToOthers(
            f"Nobody has to sign in, and others can reach {host}: set KINELOG_SIGN_IN=required,"
            " or KINELOG_OPEN_ANYWHERE=true."
        )
    redis = settings.redis_url
    redis_url = None if redis is None else redis.get_secret_value()
    return Doors(
        sign_in_required=settings.must_sign_in,
        origins=separated(settings.cors_origins),
        https=settings.base_url.startswith("https://"),
        origin="{0.scheme}://{0.netloc}".format(urlsplit(settings.base_url)),
        ice_servers=separated(settings.ice_servers),
        limiter=SlidingWindows("auth", settings.sign_ins_per_minute, redis_url=redis_url),
        speech_limiter=SlidingWindows("speech", settings.speech_per_minute, redis_url=redis_url),
        # Found once; what could not be had is tried again.
        pose_model=cache(PoseModelSource(settings.cache, settings.pose_model).resolve),
        model_base_url=settings.model_base_url,
        documents=_documents(settings),
        demonstration=demonstration,
    )


def _documents(settings: Settings) -> Documents:
    if settings.trusted_documents is None:
        return Documents(only=settings.trusted_only)
    return Documents.read(settings.trusted_documents, only=settings.trusted_only)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address. Any other name may be everybody's."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
