"""A browser that has no room left to store anything."""

from typing import Final

FULL: Final = """Storage.prototype.setItem = () => {
  throw new DOMException("Full.", "QuotaExceededError");
}"""
