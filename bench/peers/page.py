"""Writes the comparison into docs/benchmarks.md, between its marks."""

import pathlib

import results

BEGIN = "<!-- The comparison: written by ./dev bench --peers, not by hand. -->"
END = "<!-- End of the comparison. -->"
FULL_HOUSE = ("Closed loops: the latencies are those of a full house, with as many calls under way "
              "as the row says, so compare them with that number in mind.")
WHAT = {"p50_us": "p50", "p99_us": "p99", "server_cpu_us_per_tip": "server CPU a tip"}


def number(value):
    return f"{value:,.0f}"


def short(value, _=None):
    """1,500,000 as 1.5 M."""
    for unit, name in ((1e6, " M"), (1e3, " k")):
        if value >= unit:
            return f"{value / unit:g}{name}"
    return f"{value:g}"


def milliseconds(microseconds):
    value = microseconds / 1000
    return f"{value:.2f} ms" if value < 10 else f"{value:,.0f} ms"


def value_text(what, value):
    return f"{value:.1f} µs" if what == "server_cpu_us_per_tip" else milliseconds(value)


def call_text(entry):
    if entry["mode"] == "stream":
        return f"stream of {entry['batch']:,}"
    return f"{entry['batch']:,}"


def order(entry):
    return entry["batch"], entry["mode"] == "stream", results.SYSTEMS.index(entry["system"])


def table(merged):
    """The rows, calls of one size together."""
    lines = ["| tips a call | | under way | tips/s, median (lowest - highest) | Tipgate / it "
             "| p50 | p99 | server CPU a tip |",
             "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for entry in sorted(merged, key=order):
        our_mode = "unary" if entry["batch"] == 1 else "batch"
        ours = results.find(merged, "tipgate", our_mode, entry["batch"])
        ratio = ""
        if ours and entry["system"] != "tipgate" and entry["tips_per_second"]:
            ratio = f"{ours['tips_per_second'] / entry['tips_per_second']:.1f}"
        name = results.NAMES[entry["system"]]
        if entry["system"] == "tipgate":
            name = f"**{name}**"
        cpu = entry["server_cpu_us_per_tip"]
        cpu_text = value_text("server_cpu_us_per_tip", cpu) if cpu else "-"
        lines.append(f"| {call_text(entry)} | {name} | {entry['in_flight']} | "
                     f"{number(entry['tips_per_second'])} ({number(entry['lowest'])} - "
                     f"{number(entry['highest'])}) | {ratio} | {milliseconds(entry['p50_us'])} | "
                     f"{milliseconds(entry['p99_us'])} | {cpu_text} |")
    return lines


def loss_text(ours, theirs, what, our_value, their_value):
    who = f"{results.NAMES[theirs['system']]}, {call_text(ours)} a call"
    if what == "tips_per_second":
        return f"{who}: {number(their_value)} tips/s, Tipgate {number(our_value)}"
    return (f"{who}: {WHAT[what]} {value_text(what, their_value)}, "
            f"Tipgate {value_text(what, our_value)}")


def judgement(merged):
    """What won and what lost, in so many words."""
    verdicts = results.verdicts(merged)
    rates = [verdict for verdict in verdicts if verdict[2] == "tips_per_second"]
    won = [verdict for verdict in rates if results.is_won(*verdict[2:])]
    lost = [verdict for verdict in verdicts if not results.is_won(*verdict[2:])]
    lines = [f"Tipgate decides more tips a second in {len(won)} of {len(rates)} comparisons."]
    if won:
        ratios = sorted(ours / max(theirs, 1) for _, _, _, ours, theirs in won)
        lines[0] += f" Where it does: {ratios[0]:.1f} to {ratios[-1]:.1f} times as many."
    if lost:
        lines += ["Where others were better:", ""]
        lines += [f"* {loss_text(*verdict)}" for verdict in lost]
    else:
        lines.append("No other was better in anything that is measured here.")
    return lines


def conditions(data):
    """Where, when, with what."""
    machine, settings, versions = data["machine"], data["settings"], data["versions"]
    return [f"{machine['cores']} cores of {machine['cpu']}, {machine['memory_gib']} GiB, "
            f"{machine['file_system']}; {machine['kernel']}, gRPC {machine['grpc']}, "
            f"{machine['compiler']}, {machine['build_type']}; {data['date']}, Tipgate at "
            f"{versions['tipgate']}, {versions['redis']}, {versions['postgres']}. Server and load "
            f"share the cores. {settings['payers']:,} payers, {settings['sessions']:,} sessions "
            f"(Zipf 1), seed {settings['seed']}, {settings['rounds']} rounds in turn of "
            f"{settings['seconds']} s after {settings['warmup']} s of warm-up.",
            "", f"    {data['command']}"]


def latency_table(data):
    """Latency against load, if it was measured."""
    points = results.latency_points(data)
    if not points:
        return []
    rounds = max(point["rounds"] for point in points)
    lines = ["", f"Tipgate alone, {points[0]['batch']} tips a call, open loop, "
             f"{data['settings']['latency_payers']:,} payers, medians of {rounds} "
             f"{'round' if rounds == 1 else 'rounds'}; capacity is the closed loop's "
             f"{number(data['capacity'])} tips/s, the median of as many runs:", "",
             "| load | tips/s asked for | tips/s seen | p50 | p99 | p99.9 | never sent, at most |",
             "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for point in points:
        lines.append(f"| {point['load']:.0%} | {number(point['rate'])} | "
                     f"{number(point['tips_per_second'])} | {milliseconds(point['p50_us'])} | "
                     f"{milliseconds(point['p99_us'])} | {milliseconds(point['p999_us'])} | "
                     f"{number(point['unsent'])} |")
    return lines


def who_tips(line):
    """Of points of growth."""
    counts = {one["active_payers"] for one in line}
    if all(one["active_payers"] == one["payers"] for one in line):
        return "every payer tips"
    if len(counts) == 1:
        return f"{short(counts.pop())} payers tip"
    return f"at most {short(max(counts))} payers tip"


def growth_label(line):
    first = line[0]
    return f"{first['mode']}, {first['batch']:,} tips a message, {who_tips(line)}, {first['commit']}"


def growth_table(points):
    """A table for each commit and each number of those who tip: only within one of them may be
    compared."""
    lines = []
    for line in results.growth_lines(points):
        first = line[0]
        dates = " and ".join(sorted({one["date"] for one in line}))
        lines += ["", f"Tipgate alone, {growth_label(line)}, {dates}; sizes in turns:", ""]
        lines += [f"    {command}" for command in sorted({one["command"] for one in line})]
        lines += ["", "| payers | who tip | tips/s, median (lowest - highest) | of the first "
                  "| server CPU a tip | memory, at most |",
                  "| ---: | ---: | ---: | ---: | ---: | ---: |"]
        for one in line:
            memory = one.get("rss_mb_peak")
            lines.append(
                f"| {number(one['payers'])} | {number(one['active_payers'])} | "
                f"{number(one['tips_per_second'])} ({number(one['lowest'])} - "
                f"{number(one['highest'])}) | "
                f"{one['tips_per_second'] / first['tips_per_second']:.2f} | "
                f"{value_text('server_cpu_us_per_tip', one['server_cpu_us_per_tip'])} | "
                f"{'-' if memory is None else number(memory) + ' MB'} |")
    return lines


def section(data, images, growth=()):
    """All that stands between the marks. `images` are (path, what it shows)."""
    merged = results.merge(data["runs"], "rounds")
    lines = [*conditions(data), "", *table(merged), "", FULL_HOUSE, "", *judgement(merged)]
    for path, text in images:
        lines += ["", f"![{text}]({path})"]
    lines += latency_table(data)
    lines += growth_table(growth)
    return "\n".join(lines) + "\n"


def replaced(page, text, begin_mark=BEGIN, end_mark=END):
    """The page with this text between its marks."""
    before, begin, rest = page.partition(begin_mark)
    _, end, after = rest.partition(end_mark)
    if not begin or not end:
        raise ValueError(f"the page lacks the marks {begin_mark} and {end_mark}")
    return f"{before}{begin_mark}\n\n{text}\n{end_mark}{after}"


def write(page_path, data, images, growth=()):
    page_path = pathlib.Path(page_path)
    page_path.write_text(replaced(page_path.read_text(), section(data, images, growth)))
