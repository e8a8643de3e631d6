"""A result as a Markdown page with its plot, and in the list of all results."""

import io
import json
import re

from tests.bench.composer import aims
from tests.bench.composer.running import OURS

_LIST = re.compile(r"(<!-- composer -->\n).*?(<!-- /composer -->)", re.DOTALL)


def write(result, folder):
    """Write `composer-OFFERS.json`, `.md` and `.svg`, and list every result of the folder in its README."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"composer-{result['offers']}"
    (folder / f"{name}.json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    (folder / f"{name}.svg").write_text(drawn(result))
    (folder / f"{name}.md").write_text(f"{page(result)}\n\n![CPU seconds of an answer]({name}.svg)\n")
    readme = folder / "README.md"
    if readme.exists():
        lines = [f"- [{path.stem}]({path.name})" for path in sorted(folder.glob("composer-*.md"))]
        listed = chr(10).join(lines)
        readme.write_text(_LIST.sub(lambda marks: f"{marks[1]}{listed}\n{marks[2]}", readme.read_text()))


def page(result):
    """Return the page of one result."""
    machine = result["machine"]
    return "\n\n".join(
        [
            f"# The composer beside its peers: {result['offers']:,} offers",
            "Written by `flask bench composer`; [what it promises](../composer.md). All instances are synthetic.",
            (
                f"Made {result['began'][:16].replace('T', ' ')} UTC: {result['seeds']} of each kind and size. "
                f"{machine['processor']}, {machine['cores']} cores (one thread each), Python {machine['python']}. "
                f"Load average before {machine['load_before'][0]:.1f}, after {machine['load_after'][0]:.1f}. "
                f"A peer is cut short after {result['seconds']:g} s of CPU (HiGHS by the clock, stretched by the load)."
            ),
            table(result),
            (
                "Ours includes the order of ties, which no peer settles. *Best*: instances with the best bundle "
                "that anyone found; *valid*: in which the independent checker accepts the bundle at all; *cut*: ended "
                "by the limit, so that the engine would have taken longer and a ratio is at least what stands here."
            ),
            aims.table(result["aims"]),
        ]
    )


def table(result):
    """Return CPU seconds and ratios of each kind and size."""
    lines = [
        "| demand | engine | CPU s, median (least–most) | times ours, median (least–most) | best | valid | cut |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for group in result["groups"]:
        for name, found in group["engines"].items():
            ratio = "1" if name == OURS else ("≥ " if found["cut"] else "") + _spread(found["ratio"])
            lines.append(
                f"| {group['kind']}, {group['capabilities']} capabilities | {result['engines'][name]} "
                f"| {_spread(found['cpu_s'])} | {ratio} | {found['best']} of {found['instances']} | {found['valid']} "
                f"| {found['cut']} |"
            )
    return "\n".join(lines)


def drawn(result):
    """Return an SVG of the CPU seconds of each kind, size and engine."""
    import matplotlib as mpl  # noqa: PLC0415 — a tool of the bench, no dependency

    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "ieum", "svg.fonttype": "none", "font.family": "sans-serif"})
    from matplotlib import pyplot as plt  # noqa: PLC0415 — after the choice of the backend

    names = list(result["engines"])
    figure, axes = plt.subplots(figsize=(8, 0.3 * len(names) * len(result["groups"]) + 1.5))
    labels, place = [], 0
    for group in result["groups"]:
        for name, found in group["engines"].items():
            spread = found["cpu_s"]
            around = [[spread["median"] - spread["min"]], [spread["max"] - spread["median"]]]
            colour = "#1f5fa8" if name == OURS else "#b9c2cc"
            axes.barh(
                place, max(spread["median"], 0.01), xerr=around, color=colour, ecolor="#20262d", capsize=2
            )
            labels.append(f"{group['kind']} {group['capabilities']}: {result['engines'][name]}")
            place += 1
    axes.set_yticks(range(place), labels)
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlabel("CPU seconds of one answer (logarithmic; line: least to most)")
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    written = io.StringIO()
    figure.savefig(written, format="svg", facecolor="white", metadata={"Date": None})
    plt.close(figure)
    return written.getvalue()


def _spread(spread):
    return f"{spread['median']:.2f} ({spread['min']:.2f}–{spread['max']:.2f})"
