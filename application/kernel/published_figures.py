"""Port of published figures: figures of a month of many people, computed once and then stored.

Nothing changes them after that, so a caller who reads them again after somebody joined or left
learns nothing about that person.
"""

from datetime import date
from typing import Protocol, TypeVar

from domain.ids import TenantId

T = TypeVar("T")


class PublishedFigures(Protocol):
    """Published figures of each tenant, month and name. Every method raises StorageUnavailable."""

    def get(self, tenant_id: TenantId, month: date, name: str, shape: type[T]) -> T | None:
        """Return the figures of a month by its first day; None if they were not published."""
        ...

    def add(self, tenant_id: TenantId, month: date, name: str, figures: T) -> T:
        """Publish figures, and return the published ones: the first of several additions counts."""
        ...
