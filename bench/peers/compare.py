#!/usr/bin/env python3
"""Measures Tipgate beside what one would take instead, and writes what came of it.

Usage: compare.py run|growth|page [options]; ./dev bench calls it. `run` loads all systems in turns;
`growth` measures Tipgate with 1,000,000 payers and with --payers in turns, and keeps both points;
`page`, which the others end with, writes table and plots from what is kept.
"""

import argparse
import datetime
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

import children
import results

ROOT = pathlib.Path(__file__).resolve().parents[2]
SESSIONS = 1000
# Tips a call: in the rounds, and once each between them.
ROUND_SIZES = (1, 50, 1000)
LATENCY_BATCH = 50
# What the growth is against.
GROWTH_BASE = 1_000_000
# Of the capacity: close together where the line bends, and a little beyond.
LATENCY_PERCENTS = (10, 30, 50, 70, 80, 90, 95, 100, 105, 110)
# What a figure depends on.
MEASURED_FILES = ("*.cc", "*.h", "*.proto", "*.yaml", "*CMakeLists.txt", "*.cmake",
                  "CMakePresets.json", "*.lua", "*.sql", "*.conf")
# What is kept of the options.
SETTINGS = ("rounds", "seconds", "warmup", "payers", "latency_rounds", "latency_seconds",
            "latency_payers", "seed")
# What a run takes besides what it measures, seen on two cores: seconds, and microseconds a payer.
PREPARATION = {"tipgate": (2, 50), "redis": (1, 6), "postgres": (5, 5), "naive": (2, 50)}


def positive(text):
    value = int(text)
    if value <= 0:
        raise argparse.ArgumentTypeError(f"{text} is not positive")
    return value


def sizes(text):
    return tuple(sorted({positive(part) for part in text.split(",") if part}))


def parse(arguments):
    parser = argparse.ArgumentParser(prog="./dev bench", allow_abbrev=False)
    parser.add_argument("action", choices=("run", "growth", "page"), help=argparse.SUPPRESS)

    def number(name, default, text):
        parser.add_argument(name, type=positive, default=default,
                            help=f"{text}; default {default:,}")

    def folder(name, default, text):
        parser.add_argument(name, type=pathlib.Path, default=ROOT / default, help=text)

    number("--rounds", 3, "rounds that the systems take turns in")
    number("--seconds", 8, "that each measurement lasts")
    is_growth = arguments[:1] == ["growth"]
    # Long enough to bring all who tip into memory.
    number("--warmup", 20 if is_growth else 2, "seconds before, not counted")
    number("--payers", 10_000_000 if is_growth else 500_000, "payers of each system")
    number("--latency-rounds", 3, "rounds that the loads take turns in, for latency against load")
    number("--latency-seconds", 5, "that each of these measurements lasts")
    number("--latency-payers", 100_000, "payers of these measurements")
    parser.add_argument("--sizes", type=sizes, default=(10, 200, 4000),
                        help="more tips a call, once each; default 10,200,4000")
    number("--active-payers", GROWTH_BASE, "payers who tip in growth, spread evenly over all")
    parser.add_argument("--mode", choices=("batch", "stream"), default="batch",
                        help="of growth; default batch")
    number("--seed", 1, "of the tips")
    parser.add_argument("--data-parent", help="folder that all data lies in; default $TMPDIR")
    folder("--results", "bench/results", "folder of what is kept")
    folder("--page", "docs/benchmarks.md", "that gets the table")
    folder("--bin", "build/release/bin", "folder of the programs")
    return parser.parse_args(arguments)


def command(options, system, mode, batch, payers, seconds=None):
    """The words that measure a system once; --json is still to be added."""
    program = "tipbench" if system == "tipgate" else "peerbench"
    words = [str(options.bin / program)]
    words += ["--mode", mode] if system == "tipgate" else ["--peer", system]
    if batch > 1:
        words += ["--batch", str(batch)]
    words += ["--payers", str(payers), "--sessions", str(SESSIONS), "--seed", str(options.seed),
              "--seconds", str(seconds or options.seconds), "--warmup", str(options.warmup)]
    if options.data_parent:
        words += ["--data-parent", options.data_parent]
    return words


def plan(options):
    """All closed loops as (part, round, system, mode, batch).

    In each round all systems come one after another, size by size.
    """
    steps = []
    for turn in range(1, options.rounds + 1):
        for size in ROUND_SIZES:
            for system in results.SYSTEMS:
                if system != "naive" or size == 1:
                    steps.append(("rounds", turn, system, "unary" if size == 1 else "batch", size))
        steps.append(("rounds", turn, "tipgate", "stream", ROUND_SIZES[-1]))
    for size in options.sizes:
        if size not in ROUND_SIZES:
            steps += [("sweep", 1, system, "batch", size) for system in results.SYSTEMS
                      if system != "naive"]
    steps.append(("sweep", 1, "naive", "batch", LATENCY_BATCH))
    return steps


def seconds_of(options, system, payers, seconds):
    """About how long it takes to measure a system once, with its start, its end and its payers."""
    around, microseconds_a_payer = PREPARATION[system]
    return around + payers * microseconds_a_payer / 1e6 + options.warmup + seconds


def minutes_of(options):
    """About how long all of it takes."""
    latency_runs = options.latency_rounds * (1 + len(LATENCY_PERCENTS))
    total = latency_runs * seconds_of(options, "tipgate", options.latency_payers,
                                      options.latency_seconds)
    for _, _, system, _, _ in plan(options):
        total += seconds_of(options, system, options.payers, options.seconds)
    return total / 60


def say(text):
    print(f"==> {text}", file=sys.stderr, flush=True)


class Runner:
    """Runs one measurement after another; none outlives us, nor do the servers of one."""

    def __init__(self, total_count):
        self.total_count = total_count
        self.done_count = 0

    def measure(self, words, what, may_be_late=False):
        """The report. Ends the program if there is none, or if a tip was not accepted."""
        self.done_count += 1
        say(f"[{self.done_count}/{self.total_count}] {what}")
        with tempfile.TemporaryDirectory(prefix="tipgate-") as scratch:
            report_path = pathlib.Path(scratch) / "report.json"
            with children.running([*words, "--json", str(report_path)],
                                  stdout=subprocess.DEVNULL) as child:
                status = child.wait()
            text = report_path.read_text() if report_path.exists() else ""
            report = json.loads(text) if text.strip() else None
        if report is not None and report["rejected"] > 0:
            sys.exit(f"{what}: {report['rejected']:,} tips are refused, the first by "
                     f"{report['first_rejection']}; none should be")
        if report is None or report["errors"] > 0 or (status != 0 and not may_be_late):
            sys.exit(f"{' '.join(words)}: exit status {status}, "
                     f"{report['first_error'] if report else 'no report'}")
        say(f"    {report['tips_per_second']:,} tips/s, p99 {report['p99_us'] / 1000:.1f} ms")
        return report


def memory_gib():
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)


def commit(root=ROOT):
    """The commit that is measured, with a mark if it is not all."""
    def git(*words):
        done = subprocess.run(["git", "-C", root, *words], capture_output=True, text=True,
                              check=False)
        return done.stdout.strip()

    changes = git("status", "--porcelain", "--untracked-files=no", "--", *MEASURED_FILES)
    return (git("rev-parse", "--short", "HEAD") or "an unknown commit") + (
        " with changes" if changes else "")


def typed(flag):
    """What was typed to get here."""
    return " ".join(["./dev bench", flag, *sys.argv[2:]])


def kernel(text):
    """Its name and the two numbers that matter: "Linux 6.1"."""
    return ".".join(text.split(".")[:2])


def kept(part, turn, system, mode, batch, report):
    """A run as it is kept: without what is the same for all, and without this machine's paths."""
    report = {name: value for name, value in report.items() if name not in ("machine", "command")}
    return {"part": part, "round": turn, "system": system, "mode": mode, "batch": batch,
            "report": report}


class Evening:
    """What `run` has measured so far, in a file that is written anew after each step.

    That file takes the place of the last results when everything is measured; until then, and
    when it is interrupted, it lies beside them.
    """

    def __init__(self, options):
        self.path = options.results / "peers.json"
        self.partial_path = options.results / "peers.partial.json"
        self.data = {"date": datetime.date.today().isoformat(), "command": typed("--peers"),
                     "machine": {}, "versions": {"tipgate": commit()}, "capacity": None,
                     "settings": {**{name: getattr(options, name) for name in SETTINGS},
                                  "sessions": SESSIONS},
                     "runs": []}

    def keep(self, part, turn, system, mode, batch, report):
        self.data["runs"].append(kept(part, turn, system, mode, batch, report))
        machine = report["machine"]
        self.data["machine"] = {**machine, "kernel": kernel(machine["kernel"]),
                                "memory_gib": memory_gib()}
        if system != "tipgate":
            self.data["versions"][system] = report["peer_version"]
        if part == "capacity":
            self.data["capacity"] = results.capacity(self.data["runs"])
        results.write_whole(self.partial_path, json.dumps(self.data, indent=1) + "\n")

    def finish(self):
        self.partial_path.replace(self.path)


def measure_latency(options, runner, evening):
    """Capacity in the closed loop, then the open loop around it.

    The loads take turns, so that a slow minute of the machine is none of one load.
    """
    words = command(options, "tipgate", "batch", LATENCY_BATCH, options.latency_payers,
                    options.latency_seconds)
    turns = range(1, options.latency_rounds + 1)
    for turn in turns:
        what = f"capacity for the open loop, {turn} of {options.latency_rounds}"
        evening.keep("capacity", turn, "tipgate", "batch", LATENCY_BATCH,
                     runner.measure(words, what))
    for turn in turns:
        for percent in LATENCY_PERCENTS:
            rate = max(1, evening.data["capacity"] * percent // 100)
            what = (f"open loop, {turn} of {options.latency_rounds}: {percent} %, "
                    f"{rate:,} tips/s asked for")
            evening.keep("latency", turn, "tipgate", "batch", LATENCY_BATCH,
                         runner.measure([*words, "--rate", str(rate)], what, may_be_late=True))


def run(options):
    started = datetime.datetime.now()
    steps = plan(options)
    runner = Runner(len(steps) + options.latency_rounds * (1 + len(LATENCY_PERCENTS)))
    say(f"this takes about {minutes_of(options):.0f} minutes")
    evening = Evening(options)
    for part, turn, system, mode, batch in steps:
        what = (f"{part}, {turn} of {options.rounds if part == 'rounds' else 1}: "
                f"{results.NAMES[system]}, {mode} of {batch:,}")
        report = runner.measure(command(options, system, mode, batch, options.payers), what)
        evening.keep(part, turn, system, mode, batch, report)
    measure_latency(options, runner, evening)
    evening.finish()
    say(f"done in {(datetime.datetime.now() - started).total_seconds() / 60:.0f} minutes")


def growth_sizes(options):
    return tuple(sorted({GROWTH_BASE, options.payers}))


def active(options, payers):
    return min(options.active_payers, payers)


def make_directory(options, path, payers):
    """A data directory with so many payers. Quicker than by calls, as what is measured is not
    how payers are put."""
    words = [str(options.bin / "restart_benchmark"), "--payers", str(payers), "--tips", "0",
             "--starts", "0", "--data-dir", str(path)]
    with children.running(words) as child:
        status = child.wait()
    if status != 0:
        sys.exit(f"{' '.join(words)}: exit status {status}")


def growth_point(options, payers, reports, facts):
    """What these rounds say together."""
    rates = [report["tips_per_second"] for report in reports]
    cpu = statistics.median(report["server_cpu_us_per_tip"] for report in reports)
    return {"payers": payers, "active_payers": active(options, payers),
            "active_payers_max": options.active_payers, "mode": options.mode,
            "batch": ROUND_SIZES[-1], "tips_per_second": int(statistics.median(rates)),
            "server_cpu_us_per_tip": round(cpu, 3),
            "rss_mb_peak": max(report["rss_mb_peak"] for report in reports),
            "rounds": len(rates), "lowest": min(rates), "highest": max(rates), **facts}


def growth(options):
    """The sizes take turns, each on its directory. The points are kept after each round."""
    facts = {"date": datetime.date.today().isoformat(), "commit": commit(),
             "command": typed("--growth")}
    reports = {payers: [] for payers in growth_sizes(options)}
    runner = Runner(options.rounds * len(reports))
    with tempfile.TemporaryDirectory(prefix="tipgate-", dir=options.data_parent) as scratch:
        folders = {payers: pathlib.Path(scratch) / str(payers) for payers in reports}
        for payers, folder in folders.items():
            say(f"making a directory with {payers:,} payers")
            make_directory(options, folder, payers)
        for turn in range(1, options.rounds + 1):
            for payers, folder in folders.items():
                words = command(options, "tipgate", options.mode, ROUND_SIZES[-1], payers)
                words += ["--active-payers", str(active(options, payers))]
                what = f"{payers:,} payers, round {turn} of {options.rounds}"
                reports[payers].append(
                    runner.measure([*words, "--data-dir", str(folder)], what))
            for payers, of_size in reports.items():
                results.put_json_line(options.results / "growth.jsonl",
                                      growth_point(options, payers, of_size, facts),
                                      results.GROWTH_POINT)


def write_page(options):
    import page
    import plots

    source = options.results / "peers.json"
    if not source.exists():
        say("no results of ./dev bench --peers yet: no page")
        return
    data = json.loads(source.read_text())
    images = options.page.parent / "images"
    grown = results.load_json_lines(options.results / "growth.jsonl")
    drawn = plots.draw_all(data, grown,
                           results.load_json_lines(options.results / "restart.jsonl"), images)
    page.write(options.page, data, [(f"images/{name}", text) for name, text in drawn], grown)
    say(f"wrote {options.page} and {len(drawn)} plots in {images}")


def main():
    options = parse(sys.argv[1:])
    children.catch_interrupts()
    import plots  # Here, for tests need no drawing; and first, for a run is long.
    del plots
    options.results.mkdir(parents=True, exist_ok=True)
    try:
        if options.action != "page":
            {"run": run, "growth": growth}[options.action](options)
        write_page(options)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
