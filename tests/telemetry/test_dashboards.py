"""Dashboards and alerts use existing metrics and labels."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # without types
from prometheus_client import REGISTRY

from application.kernel import metrics

DEPLOY = Path(__file__).parents[2] / "deploy"
DASHBOARD = json.loads((DEPLOY / "grafana" / "kinelog.json").read_text())
ALERTS = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text())
PROMETHEUS = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yml").read_text())
HOW_TO = (DEPLOY.parent / "docs" / "how-to" / "observe.md").read_text()

OURS = re.compile(r"\b(?:kinelog|process|python)_\w+")
LABELS = re.compile(r"(?:\bby \(|\{\{(?:\s*\$labels\.)?)(?P<names>[\w, ]+?)\s*(?:\)|\}\})")
OF_PROMETHEUS = {"instance", "job", "le"}


def expressions() -> Iterator[str]:
    """Yield every query of the dashboard and of the alerts."""
    for panel in DASHBOARD["panels"]:
        yield from (target["expr"] for target in panel["targets"])
    yield from (rule["expr"] for rule in rules())


def rules() -> list[Any]:
    return [rule for group in ALERTS["groups"] for rule in group["rules"]]


def exported() -> dict[str, set[str]]:
    """Return each series that a process can export, with its labels."""
    metrics.BUILD.info({"process": "test", "version": "0", "python": "3"})
    metrics.REQUEST_SECONDS.labels("GET", "/", "200").observe(0.1)
    metrics.CHUNK_SECONDS.labels("live").observe(0.1)
    metrics.COMMANDS.labels("session", "done").inc()
    metrics.MESSAGE_SECONDS.labels("group", "topic", "done").observe(0.1)
    series = {
        sample.name: set(sample.labels)
        for family in REGISTRY.collect()
        for sample in family.samples
    }
    return series | {name: set(labels) for name, (_, labels) in metrics.GAUGES.items()}


SHOWN = exported()


@pytest.mark.parametrize("expression", sorted(set(expressions())))
def test_queries_use_exported_metrics(expression: str) -> None:
    """R-OPS-02."""
    named = set(OURS.findall(expression))
    assert named or "up{" in expression
    assert named <= SHOWN.keys()


@pytest.mark.parametrize("expression", sorted(set(expressions())))
def test_a_query_groups_by_labels_that_there_are(expression: str) -> None:
    grouped = {
        name.strip()
        for found in re.findall(r"\bby \(([^)]*)\)", expression)
        for name in found.split(",")
    }
    labels = {label for name in OURS.findall(expression) for label in SHOWN[name]}
    assert grouped <= labels | OF_PROMETHEUS


def test_every_metric_of_ours_is_on_the_dashboard_or_watched() -> None:
    metrics = {name for expression in expressions() for name in OURS.findall(expression)}
    stems = {re.sub(r"_(?:bucket|count|sum|total|created)$", "", name) for name in metrics}
    ours = {
        re.sub(r"_(?:bucket|count|sum|total|created)$", "", name)
        for name in SHOWN
        if name.startswith("kinelog_")
    }
    assert ours - stems == {"kinelog_watch_seconds"}


def test_every_alert_has_a_runbook_text() -> None:
    for rule in rules():
        assert f"`{rule['alert']}`" in HOW_TO, rule["alert"]
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"]["summary"]


def test_every_metric_is_explained() -> None:
    for name in SHOWN:
        if name.startswith("kinelog_") and not name.endswith(("_created", "_sum", "_count")):
            assert f"`{name.removesuffix('_bucket')}`" in HOW_TO, name


def test_prometheus_reads_the_alerts_and_every_process() -> None:
    assert PROMETHEUS["rule_files"] == ["alerts.yml"]
    assert {job["job_name"] for job in PROMETHEUS["scrape_configs"]} == {
        "kinelog-api",
        "kinelog-workers",
    }
