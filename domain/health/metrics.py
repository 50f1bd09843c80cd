"""Metric types: unit, possible values, accepted units and daily figure, from `metrics.toml`."""

import math
import tomllib
from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, Literal, cast

from domain.kernel import Rejected, value

Daily = Literal["sum", "mean", "latest"]
"""How the values of a day become one figure."""


class MetricUnknown(Rejected):
    """There is no metric of this name."""

    code = "health.metric_unknown"
    kind = "not_found"


class UnitUnknown(Rejected):
    """The metric is not measured in this unit."""

    code = "health.unit_unknown"
    kind = "invalid"


class ValueImpossible(Rejected):
    """No body has this value."""

    code = "health.value_impossible"
    kind = "invalid"


@value
class Conversion:
    """Conversion into the unit of a metric: value * factor + offset."""

    factor: Fraction
    offset: Fraction


@value
class Metric:
    """A metric type. `low` and `high` are possible values in `unit`; `decimals` are kept.

    Records `of_night` belong to the day on which the night ends.
    """

    name: str
    unit: str
    low: float
    high: float
    decimals: int
    daily: Daily
    of_night: bool
    conversions: Mapping[str, Conversion]

    def normalize(self, measured: float, unit: str) -> float:
        """Return a value in the unit of this metric, rounded half to even.

        The conversion itself is exact. Raises UnitUnknown and ValueImpossible, NaN included.
        """
        conversion = self.conversions.get(unit)
        if conversion is None:
            units = ", ".join(sorted(self.conversions))
            raise UnitUnknown(f"{self.name} is measured in {units}, not in this unit.")
        if not math.isfinite(measured):
            raise ValueImpossible(f"A value of {self.name} is a finite number.")
        # The shortest decimal of the float is what the client wrote; its binary value is not.
        exact = Fraction(repr(measured)) * conversion.factor + conversion.offset
        step = Fraction(1, 10**self.decimals)
        rounded = round(exact / step) * step
        if not Fraction(self.low) <= rounded <= Fraction(self.high):
            raise ValueImpossible(
                f"A value of {self.name} is between {self.low:g} and {self.high:g} {self.unit}."
            )
        return float(rounded)

    def round(self, figure: float) -> float:
        """Round a figure of several values to the decimals of this metric."""
        step = Decimal(1).scaleb(-self.decimals)
        return float(Decimal(repr(figure)).quantize(step, ROUND_HALF_EVEN))


IDENTITY: Final = Conversion(Fraction(1), Fraction(0))


@cache
def metrics() -> Mapping[str, Metric]:
    """Return the metric types by name."""
    text = (files("domain.health") / "metrics.toml").read_text(encoding="utf-8")
    table: dict[str, Any] = tomllib.loads(text)
    return MappingProxyType({name: _metric(name, row) for name, row in table.items()})


def find_metric(name: str) -> Metric:
    """Return a metric type. Raises MetricUnknown."""
    metric = metrics().get(name)
    if metric is None:
        raise MetricUnknown
    return metric


def _metric(name: str, row: Mapping[str, Any]) -> Metric:
    offsets: Mapping[str, str] = row.get("offsets", {})
    conversions = {
        unit: Conversion(_fraction(factor), _fraction(offsets.get(unit, "0")))
        for unit, factor in cast("Mapping[str, str]", row["units"]).items()
    }
    unit = str(row["unit"])
    return Metric(
        name,
        unit,
        float(row["min"]),
        float(row["max"]),
        int(row["decimals"]),
        cast("Daily", row["daily"]),
        bool(row.get("of_night", False)),
        MappingProxyType({unit: IDENTITY, **conversions}),
    )


def _fraction(text: str) -> Fraction:
    numerator, _, denominator = text.partition("/")
    return Fraction(numerator) / Fraction(denominator or "1")
