"""`kinelog doctor`: check the health of the platform, and that its principles hold."""

import sys
from typing import Annotated, Final

import typer
from rich.text import Text

from application.operations.health_checks import Diagnosis, diagnosed
from application.operations.principles.kernel import Shown
from bootstrap.cli.output import JsonOption, err, out, print_json, print_table, table
from bootstrap.exit_codes import FAILED
from bootstrap.settings import Settings
from bootstrap.wiring.health_checks import run_checks

COLORS: Final = {
    "ok": "green",
    "degraded": "yellow",
    "failed": "red",
    "holds": "green",
    "broken": "red",
    "not applicable": "dim",
}


def doctor(
    *,
    principles: Annotated[
        bool,
        typer.Option(
            "--principles", help="Inject the faults that each principle protects against."
        ),
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with code 1 if anything is degraded, too.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Check everything the settings name, and advise on problems."""
    if principles:
        _show(as_json=as_json)
    else:
        _examine(strict=strict, as_json=as_json)


def _examine(*, strict: bool, as_json: bool) -> None:
    report = run_checks(Settings())
    diagnoses = diagnosed(report)
    if as_json:
        print_json({"state": report.state, "checks": diagnoses})
    else:
        _print_checks(diagnoses)
        err.print(f"Kinelog is {report.state}.")
    if report.failed or (strict and report.state == "degraded"):
        sys.exit(FAILED)


def _print_checks(diagnoses: tuple[Diagnosis, ...]) -> None:
    result = table(None, "what", "is", "how", "what to do")
    for each in diagnoses:
        result.add_row(each.name, _coloured(each.state), each.detail, each.advice)
    print_table(result)


def _coloured(state: str) -> Text:
    return Text(state, COLORS[state])


def _show(*, as_json: bool) -> None:
    from bootstrap.wiring.principles import run_principles  # noqa: PLC0415  loads the API, Redis and Kafka

    results = run_principles(Settings(), lambda each: None if as_json else _line(each))
    broken = sum(each.state == "broken" for each in results)
    held = sum(each.state == "holds" for each in results)
    if as_json:
        elsewhere = len(results) - held - broken
        counts = {"holds": held, "broken": broken, "notApplicable": elsewhere}
        print_json({**counts, "principles": results})
    else:
        _verdict(held, broken, len(results))
    if broken:
        sys.exit(FAILED)


def _line(each: Shown) -> None:
    out.print(Text.assemble(_coloured(each.state), "  ", (each.name, "bold"), f"  {each.detail}"))


def _verdict(held: int, broken: int, of: int) -> None:
    elsewhere = of - held - broken
    err.print(f"Principles that hold: {held}; broken: {broken}; not applicable here: {elsewhere}.")
