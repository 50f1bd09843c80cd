"""Media store that seals everything for one person."""

from typing import Any, Final

from adapters.media.sealed import SealedMediaStore
from domain.ids import UserId

ADA: Final = UserId("ada")


class SealedForAda(SealedMediaStore):
    """Stores everything as Ada's."""

    def put(self, *named: Any, **more: Any) -> str:
        return super().put(*named, **{"subject": ADA, **more})

    def put_file(self, *named: Any, **more: Any) -> str:
        return super().put_file(*named, **{"subject": ADA, **more})

    def put_stream(self, *named: Any, **more: Any) -> str:
        return super().put_stream(*named, **{"subject": ADA, **more})
