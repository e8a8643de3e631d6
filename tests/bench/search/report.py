"""A result as a Markdown table, as a page with its plot, and in the list of all results."""

import json
import re

from tests.bench.search import plot
from tests.bench.search.known import OURS

_LIST = re.compile(r"(<!-- results -->\n).*?(<!-- /results -->)", re.DOTALL)


def write(result, folder):
    """Write `search-N.json`, `.md` and `.svg`, and list every result of the folder in its README."""
    folder.mkdir(parents=True, exist_ok=True)
    name = _name(result)
    (folder / f"{name}.json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    (folder / f"{name}.svg").write_text(plot.drawn(result))
    (folder / f"{name}.md").write_text(page(result, f"{name}.svg"))
    readme = folder / "README.md"
    if readme.exists():
        readme.write_text(listed(readme.read_text(), folder))


def _name(result):
    return f"search-{result['listings']}{'-wide' if result['wide'] else ''}"


def _title(result):
    return f"{result['listings']:,} listings, {'wishes alone' if result['wide'] else 'one must'}"


def listed(text, folder):
    """Return a README with the list of results between its two marks."""
    found = sorted(
        (json.loads(path.read_text()) for path in folder.glob("search-*.json")),
        key=lambda result: (result["wide"], result["listings"]),
    )
    lines = [
        f"### {_title(result)}\n\n{_made(result)} {_left(result)}\n\n{table(result)}\n\n"
        f"[Everything measured]({_name(result)}.md) · [as JSON]({_name(result)}.json)\n\n"
        f"![Time of an answer]({_name(result)}.svg)\n"
        for result in found
    ]
    return _LIST.sub(lambda marks: f"{marks[1]}{chr(10).join(lines)}{marks[2]}", text)


def table(result):
    """Return the main table: an answer's time, its ratio to ours, and how far it is the same answer."""
    rows = [
        [
            each["name"],
            _middle(each["p50_ms"]),
            _middle(each["p95_ms"]),
            "1" if key == OURS else _ratio(result["ratios"][key]),
            _middle(each["again_p50_ms"]),
            "1" if key == OURS else _ratio(result["ratios_again"][key]),
            _agreement(key, each),
        ]
        for key, each in result["engines"].items()
    ]
    times = "times ours (least–most)"
    return _rows(["engine", "p50 ms", "p95 ms", times, "asked again, p50 ms", times, "same answer"], rows)


def page(result, picture):
    """Return the page of one result."""
    parts = [
        f"# Search beside its peers: {_title(result)}",
        "Written by `flask bench search`; [how to read it](README.md).",
        _made(result),
        f"![Time of an answer]({picture})",
        "## One answer",
        f"Filters, text, nine axes, six facet counts, best twenty. {_left(result)}",
        table(result),
        "## Cost of the index",
        _costs(result["engines"]),
        "## A durable, searchable write of one listing",
        _beside(result, "write", "p50 ms", "p50_ms"),
        "## A thousand demands, their best twenty alone",
        _beside(result, "batch", "seconds", "seconds_1000", "demands"),
        _all_cores(result["batch"][OURS]["all_cores"]),
        "## Engines",
        "\n".join(
            f"- **{e['name']}** ({', '.join(f'{k} {v}' for k, v in e['versions'].items())}): {e['how']}."
            for e in result["engines"].values()
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _costs(engines):
    keys = ("build_s", "disk_mb", "open_ms", "first_answer_ms", "memory_mb")
    return _rows(
        ["engine", "build s", "on disk MB", "open ms", "first answer ms", "memory MB"],
        [[engine["name"], *(_number(engine[key]) for key in keys)] for engine in engines.values()],
    )


def _beside(result, part, heading, key, count=None):
    """Return the table of a part of the result: figure, ratio and, where there is one, a count."""
    rows = [
        [
            result["engines"][name]["name"],
            _middle(found[key]),
            _ratio(found["ratio"]) if "ratio" in found else "1",
            *([str(found[count])] if count else []),
        ]
        for name, found in result[part].items()
    ]
    return _rows(["engine", heading, "times ours (least–most)", *(["asked"] if count else [])], rows)


def _made(result):
    machine = result["machine"]
    return (
        f"Made {result['began'][:16].replace('T', ' ')} UTC: {result['alternations']} alternations of "
        f"{result['demands_a_round']} demands, seed {result['seed']}. {machine['processor']}, {machine['cores']} cores "
        f"(pinned to one), {', '.join(machine['caches'])}, {machine['memory_gb']} GB, {machine['system']}, "
        f"Python {machine['python']}. Load average before {machine['load_before'][0]:.1f}, "
        f"after {machine['load_after'][0]:.1f}.{result['note'] and ' **' + result['note'] + '**'}"
    )


def _left(result):
    left = result["listings_left"]
    return f"A demand leaves {left['median']:,.0f} listings in the middle ({left['min']:,}–{left['max']:,})."


def _agreement(key, engine):
    if key == OURS:
        return "–"
    if engine["is_exact"]:
        return f"{engine['same_but_for_ties']} of {engine['answers']} lists"
    return f"recall@20 {100 * engine['recall']:.1f} %"


def _all_cores(found):
    return (
        f"Ours on {found['cores']} cores: {_middle(found['seconds_1000'])} s, "
        f"{_number(found['cpu_seconds_1000'])} CPU seconds."
    )


def _ratio(spread):
    return f"{_number(spread['median'])} ({_number(spread['min'])}–{_number(spread['max'])})"


def _middle(values):
    return _number(sorted(values)[len(values) // 2])


def _number(value):
    """Return three significant digits, whole numbers from 100 on."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _rows(heading, rows):
    lines = [heading, ["---", *["---:"] * (len(heading) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
