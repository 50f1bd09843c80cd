"""Base classes of JSON bodies: camelCase outside, our names inside (C-18)."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Body(BaseModel):
    """A JSON object; can be built from the attributes of a row."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, from_attributes=True)


class PageInfo(Body):
    """Cursors of the first and last item of a page, and whether the list continues."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None
