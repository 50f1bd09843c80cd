"""`kinelog knowledge`: search passages about exercises by meaning, and index them."""

from dataclasses import asdict
from typing import Annotated

import typer
from rich.text import Text

from application.knowledge import MOST_RESULTS, Passage
from bootstrap.cli.output import out, print_json
from bootstrap.settings import Settings
from bootstrap.wiring.knowledge import build_knowledge, index_knowledge

app = typer.Typer(help="Passages about exercises, searched by meaning.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.command()
def search(
    question: Annotated[str, typer.Argument(help="The question, such as: how deep should I squat")],
    *,
    limit: Annotated[
        int, typer.Option(min=1, max=MOST_RESULTS, help="Maximum number of passages.")
    ] = 3,
    as_json: AsJson = False,
) -> None:
    """Find the passages that answer a question, best match first."""
    with build_knowledge(Settings()) as knowledge:
        results = knowledge.search(question, limit)
    if as_json:
        print_json({"passages": [_to_json(each.passage, each.similarity) for each in results]})
        return
    if not results:
        out.print("No passage answers that question.")
    for each in results:
        out.print(Text.assemble((each.passage.title, "bold"), f" ({each.similarity:.2f})"))
        out.print(f"  {each.passage.text}")
        out.print(f"  {each.passage.source}", style="dim")


@app.command()
@app.command("learn", hidden=True, deprecated=True)
def index(*, as_json: AsJson = False) -> None:
    """Index the passages of this version in PostgreSQL with pgvector. Run it after each upgrade."""
    is_indexed = index_knowledge(Settings())
    if as_json:
        print_json({"kept": is_indexed})
    elif is_indexed:
        out.print("The passages of this version are indexed in PostgreSQL.")
    else:
        out.print("There is no PostgreSQL with pgvector: each process keeps its own index.")


def _to_json(passage: Passage, similarity: float) -> dict[str, object]:
    return {**asdict(passage), "similarity": round(similarity, 4)}
