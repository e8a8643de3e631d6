"""The plot of one result: the time of an answer on a logarithmic axis, its ratio beside it."""

import io

from tests.bench.search.known import OURS
from tests.bench.search.protocol import PeerMissing

_OURS, _PEER, _INK = "#1f5fa8", "#b9c2cc", "#20262d"


def drawn(result):
    """Return an SVG of bars from the p50 of the rounds, with their least and most.

    Raises:
        PeerMissing: matplotlib is not installed.
    """
    try:
        import matplotlib as mpl  # noqa: PLC0415 — a tool of the bench, no dependency
    except ImportError as error:
        raise PeerMissing("matplotlib is not installed") from error
    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "ieum", "svg.fonttype": "none", "font.family": "sans-serif"})
    from matplotlib import pyplot as plt  # noqa: PLC0415 — after the choice of the backend

    keys = sorted(result["engines"], key=lambda key: -_middle(result["engines"][key]["p50_ms"]))
    figure, axes = plt.subplots(figsize=(8, 0.55 * len(keys) + 1.5))
    _bars(axes, result, keys)
    axes.set_xscale("log")
    axes.set_xlabel("ms for one answer, p50 of a round (logarithmic; line: least to most of the rounds)")
    axes.set_title(
        f"{result['listings']:,} listings: filters, text, nine axes, six facets, best twenty", loc="left"
    )
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    written = io.StringIO()
    figure.savefig(written, format="svg", facecolor="white", metadata={"Date": None})
    plt.close(figure)
    return written.getvalue()


def _bars(axes, result, keys):
    """Draw a bar for each engine, its least and most, its figures behind it."""
    engines = result["engines"]
    rounds = [engines[key]["p50_ms"] for key in keys]
    middles = [_middle(values) for values in rounds]
    spreads = [
        [middle - min(values) for values, middle in zip(rounds, middles, strict=True)],
        [max(values) - middle for values, middle in zip(rounds, middles, strict=True)],
    ]
    colours = [_OURS if key == OURS else _PEER for key in keys]
    axes.barh(range(len(keys)), middles, xerr=spreads, color=colours, ecolor=_INK, height=0.6, capsize=3)
    for place, (key, values) in enumerate(zip(keys, rounds, strict=True)):
        ratio = "" if key == OURS else f"  ×{result['ratios'][key]['median']:.3g}"
        axes.text(max(values) * 1.12, place, f"{middles[place]:.3g} ms{ratio}", va="center", color=_INK)
    axes.set_xlim(min(middles) / 3, max(map(max, rounds)) * 6)
    axes.set_yticks(range(len(keys)), [_label(key, engines[key]["name"]) for key in keys])


def _middle(values):
    return sorted(values)[len(values) // 2]


def _label(key, name):
    return "Ieum embedded" if key == OURS else name
