"""`kinelog knowledge`: what Kinelog knows in words, found by what a question means."""

from dataclasses import asdict
from typing import Annotated

import typer

from application.knowledge.search import MOST_FOUND, Passage
from bootstrap.cli.output import out, print_json
from bootstrap.settings import Settings
from bootstrap.wiring.knowledge import build_knowledge, learned

app = typer.Typer(help="What Kinelog knows in words.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.command()
def search(
    question: Annotated[str, typer.Argument(help="What to ask, such as: how deep should I squat")],
    *,
    limit: Annotated[
        int, typer.Option(min=1, max=MOST_FOUND, help="How many passages at most.")
    ] = 3,
    as_json: AsJson = False,
) -> None:
    """Find the passages that answer a question, the nearest first."""
    with build_knowledge(Settings()) as knowledge:
        found = knowledge.ask(question, limit)
    if as_json:
        print_json({"passages": [_told(each.passage, each.similarity) for each in found]})
        return
    if not found:
        out.print("Nothing that is known here answers that.")
    for each in found:
        out.print(f"[bold]{each.passage.title}[/bold] ({each.similarity:.2f})")
        out.print(f"  {each.passage.text}")
        out.print(f"  [dim]{each.passage.source}[/dim]")


@app.command()
def learn(*, as_json: AsJson = False) -> None:
    """Keep what this version knows in PostgreSQL, where pgvector is; do so after each upgrade."""
    is_kept = learned(Settings())
    if as_json:
        print_json({"kept": is_kept})
    elif is_kept:
        out.print("What this version of Kinelog knows is kept in PostgreSQL.")
    else:
        out.print("There is no PostgreSQL with pgvector: each process keeps it for itself.")


def _told(passage: Passage, similarity: float) -> dict[str, object]:
    return {**asdict(passage), "similarity": round(similarity, 4)}
