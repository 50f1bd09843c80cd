"""Retention rules with other numbers of days."""

from dataclasses import replace
from datetime import timedelta

from application.platform import Platform
from application.privacy.retention import RetentionRule, RetentionService

LATER = timedelta(days=200)


def all_after(platform: Platform, days: int) -> RetentionService:
    """Return the retention service with every rule after this many days."""
    real = platform.privacy().retention
    rules = [RetentionRule(each.name, timedelta(days=days), each.remove) for each in real.rules]
    return replace(real, rules=rules, clock=lambda: platform.clock() + LATER)
