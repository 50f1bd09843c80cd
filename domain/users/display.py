"""How pages are shown to somebody, on whatever device they look."""

from typing import Literal

from domain.kernel import value

FirstDay = Literal["monday", "saturday", "sunday"]
Dates = Literal["locale", "day_first", "month_first"]
Theme = Literal["system", "light", "dark"]
Contrast = Literal["system", "normal", "high"]


@value
class Display:
    """`first_day` of a week, the order in which `dates` are written, `theme` and `contrast`.

    `locale` is the order of the language and region of the profile, `system` what the device is
    set to.
    """

    first_day: FirstDay = "monday"
    dates: Dates = "locale"
    theme: Theme = "system"
    contrast: Contrast = "system"
