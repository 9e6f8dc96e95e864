#!/usr/bin/env python3
"""Measures what Tipgate still answers in time when it is asked for more than it can do.

Usage: overload.py run|page [options]; ./dev bench --overload calls it. Finds the capacity of the
closed loop, offers parts and multiples of it in the open loop, each call with a deadline, keeps a
point for each and writes the section of the page.
"""

import argparse
import datetime
import pathlib
import statistics
import sys

import children
import compare
import page
import results

LOADS = (0.5, 1, 1.5, 2, 3, 5)
# A generator that shares two cores with the gate cannot offer five times the capacity in small
# calls: a refused call costs it as much as the gate.
BATCH = 1000
DEADLINE_MS = 250
# More than the 1,000 calls of a connection are under way at the larger loads.
CONNECTIONS = 8
POINT = ("batch", "load")
BEGIN = "<!-- Overload: written by ./dev bench --overload, not by hand. -->"
END = "<!-- End of overload. -->"


def parse(arguments):
    parser = argparse.ArgumentParser(prog="./dev bench --overload", allow_abbrev=False)
    parser.add_argument("action", choices=("run", "page"), help=argparse.SUPPRESS)
    for name, default, text in (("rounds", 3, "rounds that the loads take turns in"),
                                ("seconds", 8, "that each measurement lasts"),
                                ("warmup", 2, "seconds before, not counted"),
                                ("payers", 100_000, "payers"), ("batch", BATCH, "tips a call"),
                                ("deadline-ms", DEADLINE_MS, "deadline of a call"), ("seed", 1, "of the tips")):
        parser.add_argument(f"--{name}", type=compare.positive, default=default,
                            help=f"{text}; default {default:,}")
    parser.add_argument("--data-parent", help="folder that all data lies in; default $TMPDIR")
    for name, default in (("results", "bench/results"), ("page", "docs/benchmarks.md"),
                          ("bin", "build/release/bin")):
        parser.add_argument(f"--{name}", type=pathlib.Path, default=compare.ROOT / default,
                            help=f"default {default}")
    return parser.parse_args(arguments)


def open_loop(options, rate):
    """The words that offer so many tips a second. There is a place for each call until its
    deadline."""
    places = rate * options.deadline_ms // (1000 * options.batch) * 5 // 4 + 16 * CONNECTIONS
    return [*compare.command(options, "tipgate", "batch", options.batch, options.payers),
            "--rate", str(rate), "--deadline", f"{options.deadline_ms}ms",
            "--in-flight", str(places), "--connections", str(CONNECTIONS)]


def share(report, name):
    """Which part of what was meant to be sent came to this."""
    total = report["rate"] * report["seconds"]
    return report[name] / total


def point(batch, deadline_ms, load, capacity, reports):
    """What the rounds of one load say together: medians."""
    def median(value):
        return statistics.median(value(report) for report in reports)

    goodputs = [report["tips_per_second"] for report in reports]
    return {"batch": batch, "load": load, "deadline_ms": deadline_ms, "capacity": capacity,
            "rate": reports[0]["rate"], "rounds": len(reports),
            "offered": round(median(lambda one: one["rate"] * (1 - share(one, "unsent")))),
            "goodput": int(statistics.median(goodputs)), "lowest": min(goodputs),
            "highest": max(goodputs), "p50_us": median(lambda one: one["p50_us"]),
            "p99_us": median(lambda one: one["p99_us"]),
            "overloaded": round(median(lambda one: share(one, "overloaded")), 4),
            "expired": round(median(lambda one: share(one, "expired")), 4),
            "unheard": round(median(lambda one: share(one, "unheard")), 4),
            "rss_mb_peak": max(report["rss_mb_peak"] for report in reports)}


def run(options):
    facts = {"date": datetime.date.today().isoformat(), "commit": compare.commit(),
             "command": compare.typed("--overload")}
    runner = compare.Runner(options.rounds * (1 + len(LOADS)))
    turns = range(1, options.rounds + 1)
    batch = options.batch
    words = compare.command(options, "tipgate", "batch", batch, options.payers)
    capacity = int(statistics.median(
        runner.measure(words, f"capacity, {batch:,} tips a call, {turn} of {options.rounds}")
        ["tips_per_second"] for turn in turns))
    reports = {load: [] for load in LOADS}
    for turn in turns:
        for load in LOADS:
            rate = int(capacity * load)
            what = (f"{batch:,} tips a call, {turn} of {options.rounds}: {load} x capacity, "
                    f"{rate:,} tips/s asked for")
            reports[load].append(runner.measure(open_loop(options, rate), what, may_be_late=True))
    for load in LOADS:
        one = point(batch, options.deadline_ms, load, capacity, reports[load])
        results.put_json_line(options.results / "overload.jsonl", {**one, **facts}, POINT)


def of_batch(points):
    """The points of each batch, the lightest load first."""
    lines = {}
    for one in points:
        lines.setdefault(one["batch"], []).append(one)
    return lines


def verdict(line):
    """How much of the peak is left at three times the capacity."""
    peak = max(one["goodput"] for one in line)
    at_three = next(one for one in line if one["load"] == 3)
    return (f"{line[0]['batch']:,} tips a call: at 3 x capacity {at_three['goodput'] / peak:.0%} "
            f"of the peak of {page.number(peak)} tips/s are answered in time.")


def section(points):
    lines = of_batch(points)
    text = []
    for first in (line[0] for line in lines.values()):  # A run each.
        text += [f"{first['batch']:,} tips a call: {first['date']}, Tipgate at {first['commit']}; "
                 f"medians of {first['rounds']} rounds.", "", f"    {first['command']}", ""]
    text += ["| tips a call | deadline | load | offered, tips/s | answered in time, tips/s "
             "(lowest - highest) | p50 | p99 | refused | expired | decided in vain | memory |",
             "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for one in (one for line in lines.values() for one in line):
        text.append(
            f"| {one['batch']:,} | {one['deadline_ms']} ms | {one['load']:g} x | "
            f"{page.number(one['offered'])} | {page.number(one['goodput'])} "
            f"({page.number(one['lowest'])} - {page.number(one['highest'])}) | "
            f"{page.milliseconds(one['p50_us'])} | {page.milliseconds(one['p99_us'])} | "
            f"{one['overloaded']:.0%} | {one['expired']:.1%} | {one['unheard']:.1%} | "
            f"{one['rss_mb_peak']:.0f} MB |")
    text += ["", *[verdict(line) for line in lines.values()], "",
             "![What is answered in time, and how soon, against what is asked]"
             "(images/overload.svg)"]
    return "\n".join(text) + "\n"


def write_page(options):
    import plots

    points = results.load_json_lines(options.results / "overload.jsonl")
    if not points:
        compare.say("no results of ./dev bench --overload yet: no section")
        return
    images = options.page.parent / "images"
    images.mkdir(parents=True, exist_ok=True)
    plots.goodput_by_load(of_batch(points), images / "overload.svg")
    text = page.replaced(options.page.read_text(), section(points), BEGIN, END)
    options.page.write_text(text)
    compare.say(f"wrote {options.page}")


def main():
    options = parse(sys.argv[1:])
    children.catch_interrupts()
    import plots  # First, for a run is long.
    del plots
    options.results.mkdir(parents=True, exist_ok=True)
    try:
        if options.action == "run":
            run(options)
        write_page(options)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
