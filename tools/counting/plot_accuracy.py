"""Draw `docs/accuracy.svg` from the figures of the cross-validation.

python -m tools.counting.cross_validate --examples ... --json > figures.json
python -m tools.counting.plot_accuracy figures.json [--into docs/accuracy.svg]
"""

import argparse
import json
import sys
from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot as plt

from benchmarks.counting import PUBLISHED

DRAWN = (("signals", "#9aa5b1", "the definition's signals alone"), ("middle", "#1f6feb", "Kinelog"))
WIDTH = 0.38


def main() -> int:
    """Write the plot."""
    parser = argparse.ArgumentParser(description="Draw the accuracy of counting by exercise.")
    parser.add_argument("figures", type=Path, help="JSON of tools.counting.cross_validate")
    parser.add_argument("--into", type=Path, default=Path("docs/accuracy.svg"))
    options = parser.parse_args()
    figures = json.loads(options.figures.read_text(encoding="utf-8"))
    # The same figures give the same file.
    mpl.rcParams["svg.hashsalt"] = "kinelog"
    draw(figures, options.into)
    return 0


def draw(figures: dict[str, dict[str, dict[str, float]]], into: Path) -> None:
    """Draw two bars per exercise, and a line for published results on similar clips."""
    order = sorted(
        (name for name in figures if name != "total"), key=lambda n: figures[n]["middle"]["obo"]
    )
    places = [*order, "total"]
    figure, axes = plt.subplots(figsize=(9, 4.8))
    for offset, (counter, colour, label) in zip((WIDTH / 2, -WIDTH / 2), DRAWN, strict=True):
        heights = [index + offset for index in range(len(places))]
        shares = [figures[name][counter]["obo"] for name in places]
        axes.barh(heights, shares, WIDTH, color=colour, label=label)
    best, _, most = max(PUBLISHED, key=lambda row: row[2])
    axes.axvline(
        most, color="#444", linestyle=":", label=f"best published OBO ({best.split(',')[0]})"
    )
    names = [f"{n.replace('_', ' ')} ({figures[n]['middle']['clips']:.0f})" for n in places]
    axes.set_yticks(range(len(places)), names)
    axes.set_xlim(0.0, 1.0)
    axes.set_xlabel("share of clips counted within one (OBO), cross-validated")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(into, metadata={"Date": None})


if __name__ == "__main__":
    sys.exit(main())
