"""Draws the results as SVG for light and for dark pages: no background, mid-tone ink."""

import pathlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, NullLocator  # noqa: E402

import results  # noqa: E402
from page import growth_label, short  # noqa: E402

INK = "#7d8590"
COLORS = {"tipgate": "#2f81f7", "stream": "#1f9e8f", "redis": "#d9534a", "postgres": "#a371f7",
          "naive": "#9a8c4a"}
# Of lines that are all Tipgate's.
SHADES = ("tipgate", "stream", "postgres", "redis", "naive")
MARKERS = {"tipgate": "o", "stream": "D", "redis": "s", "postgres": "^", "naive": "v"}

plt.rcParams.update({
    "svg.fonttype": "none", "svg.hashsalt": "tipgate", "font.family": "sans-serif", "font.size": 12,
    "text.color": INK, "axes.edgecolor": INK, "axes.labelcolor": INK, "axes.titlecolor": INK,
    "xtick.color": INK, "ytick.color": INK, "axes.spines.top": False, "axes.spines.right": False,
    "grid.color": INK, "grid.alpha": 0.25, "grid.linewidth": 0.8, "lines.linewidth": 2.2,
    "lines.markersize": 6, "legend.frameon": False, "axes.titlesize": 13,
    "axes.titlelocation": "left"})


def start(title, x_label, y_label):
    figure, axes = plt.subplots(figsize=(8.4, 4.4))
    axes.set_title(title, pad=12)
    axes.set_xlabel(x_label)
    axes.set_ylabel(y_label)
    axes.grid(True, which="major")
    axes.set_axisbelow(True)
    return figure, axes


def log_axis(axis, formatter):
    axis.set_major_locator(LogLocator(base=10))
    axis.set_major_formatter(FuncFormatter(formatter))
    axis.set_minor_formatter(NullFormatter())
    axis.set_minor_locator(NullLocator())


def only_ticks(axis, values, formatter):
    axis.set_ticks(values)
    axis.set_major_formatter(FuncFormatter(formatter))
    axis.set_minor_locator(NullLocator())


def save(figure, path):
    figure.tight_layout()
    figure.savefig(path, transparent=True, metadata={"Date": None, "Creator": None})
    plt.close(figure)
    text = pathlib.Path(path).read_text()
    pathlib.Path(path).write_text("\n".join(line.rstrip() for line in text.splitlines()) + "\n")


def throughput_by_batch(data, path):
    """All systems; medians of the rounds, single runs between them."""
    points = {}
    for entry in results.merge(data["runs"], "sweep") + results.merge(data["runs"], "rounds"):
        name = "stream" if entry["mode"] == "stream" else entry["system"]
        points.setdefault(name, {})[entry["batch"]] = entry["tips_per_second"]
    figure, axes = start("Durable tips a second against tips a call", "tips a call", "tips/s")
    labels = {**results.NAMES, "stream": "Tipgate, stream"}
    for name in sorted(points, key=lambda one: -max(points[one].values())):
        batches = sorted(points[name])
        axes.plot(batches, [points[name][batch] for batch in batches], color=COLORS[name],
                  marker=MARKERS[name], label=labels[name])
    axes.set_xscale("log")
    axes.set_yscale("log")
    only_ticks(axes.xaxis, sorted({batch for line in points.values() for batch in line}),
               lambda value, _: f"{value:,.0f}")
    log_axis(axes.yaxis, short)
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    save(figure, path)


def latency_by_load(data, path):
    points = results.latency_points(data)
    if not points:
        return False
    loads = [100 * point["load"] for point in points]
    title = f"Latency of a call with {points[0]['batch']} tips against load, open loop"
    capacity = short(round(data["capacity"], -3))
    figure, axes = start(title, f"load, % of the closed loop's tips/s ({capacity})", "latency, ms")
    for field, label, color in (("p999_us", "p99.9", "redis"), ("p99_us", "p99", "postgres"),
                                ("p50_us", "p50", "tipgate")):
        axes.plot(loads, [point[field] / 1000 for point in points], color=COLORS[color], marker="o",
                  label=label)
    axes.set_yscale("log")
    log_axis(axes.yaxis, lambda value, _: f"{value:g}")
    axes.axvline(100, color=INK, linewidth=1, linestyle=(0, (4, 4)))
    axes.set_xlim(left=0)
    # Where the points stand close together there is no room for a number at each.
    only_ticks(axes.xaxis, [round(load) for load in loads if round(load) % 10 == 0],
               lambda value, _: f"{value:.0f}")
    axes.legend(loc="upper left")
    save(figure, path)
    return True


def throughput_by_payers(points, path):
    lines = results.growth_lines(points)
    if not lines:
        return False
    figure, axes = start("Durable tips a second against registered payers", "registered payers",
                         "tips/s")
    for i, line in enumerate(lines):
        name = SHADES[i % len(SHADES)]
        axes.plot([one["payers"] for one in line], [one["tips_per_second"] for one in line],
                  color=COLORS[name], marker=MARKERS[name], label=growth_label(line))
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter(FuncFormatter(short))
    payers = sorted({one["payers"] for line in lines for one in line})
    axes.set_xlim(payers[0] / 2, payers[-1] * 2)
    only_ticks(axes.xaxis, payers, short)
    axes.legend(loc="upper left", bbox_to_anchor=(0.0, -0.18))  # Lines may go anywhere.
    save(figure, path)
    return True


def restart_by_state(points, path):
    if not points:
        return False
    figure, axes = start("From the start of the process to serving", "payers in the state",
                         "seconds")
    lines = {}
    for point in points:
        lines.setdefault(point["tail_tips"], []).append(
            (point["payers"], point["seconds_to_serving"]))
    for i, (tail, line) in enumerate(sorted(lines.items())):
        axes.plot(*zip(*sorted(line)), color=COLORS[SHADES[i % len(SHADES)]], marker="o",
                  label=f"{short(tail)} tips to replay")
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    payers = sorted({point["payers"] for point in points})
    axes.set_xlim(payers[0] / 2, payers[-1] * 2)
    only_ticks(axes.xaxis, payers, short)
    axes.legend(loc="upper left")
    save(figure, path)
    return True


def goodput_by_load(lines, path):
    """`lines`: by tips a call, the points of overload.jsonl."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(10.4, 4.2))
    left.set_title("Tips answered in time", pad=12)
    left.set_ylabel("part of the capacity")
    right.set_title("p99 of what is answered", pad=12)
    right.set_ylabel("part of the deadline")
    for (batch, line), name in zip(lines.items(), ("tipgate", "stream", "postgres")):
        loads = [one["load"] for one in line]
        style = {"color": COLORS[name], "marker": MARKERS[name], "label": f"{batch:,} tips a call"}
        left.plot(loads, [one["goodput"] / one["capacity"] for one in line], **style)
        right.plot(loads, [one["p99_us"] / 1000 / one["deadline_ms"] for one in line], **style)
    for axes in (left, right):
        axes.set_xlabel("load asked for, in capacities")
        axes.grid(True, which="major")
        axes.set_axisbelow(True)
        axes.axhline(1, color=INK, linewidth=1, linestyle=(0, (4, 4)))
        axes.set_ylim(0, 1.15)
        axes.set_xlim(left=0)
    left.legend(loc="lower right")
    save(figure, path)


def draw_all(data, growth, restart, folder):
    """Draws what there are results for; returns (file name, what it shows)."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    drawn = []
    throughput_by_batch(data, folder / "throughput-by-batch.svg")
    drawn.append(("throughput-by-batch.svg", "Tips a second against tips a call, all systems"))
    if latency_by_load(data, folder / "latency-by-load.svg"):
        drawn.append(("latency-by-load.svg", "Latency percentiles of Tipgate against load"))
    if throughput_by_payers(growth, folder / "throughput-by-payers.svg"):
        drawn.append(("throughput-by-payers.svg",
                      "Tips a second of Tipgate against registered payers"))
    if restart_by_state(restart, folder / "restart-by-state.svg"):
        drawn.append(("restart-by-state.svg", "Time to serving of Tipgate against payers"))
    return drawn
