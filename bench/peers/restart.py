#!/usr/bin/env python3
"""Measures how long Tipgate takes from its start to serving, by payers, and keeps the medians.

Usage: restart.py [options]; ./dev bench --restart calls it.
"""

import argparse
import datetime
import json
import pathlib
import statistics
import subprocess
import sys

import children
import compare
import results

PAYERS = (1_000_000, 10_000_000)
# Of what restart_benchmark prints a start: what is told of all starts, and what is the same in all.
MEASURED = ("seconds_to_serving", "cpu_seconds", "resident_bytes")
GIVEN = ("payers", "tail_tips")


def parse(arguments):
    parser = argparse.ArgumentParser(prog="./dev bench --restart", allow_abbrev=False)
    parser.add_argument("--payers", type=compare.sizes, default=PAYERS,
                        help="that are stored, some numbers; default 1000000,10000000")
    parser.add_argument("--tips", type=compare.positive, default=1_000_000,
                        help="that stand in the journal alone; default 1,000,000")
    parser.add_argument("--starts", type=compare.positive, default=5,
                        help="with each number of payers; default 5")
    parser.add_argument("--data-parent", help="folder that all data lies in; default $TMPDIR")
    for name, default in (("results", "bench/results"), ("page", "docs/benchmarks.md"),
                          ("bin", "build/release/bin")):
        parser.add_argument(f"--{name}", type=pathlib.Path, default=compare.ROOT / default,
                            help=f"default {default}")
    return parser.parse_args(arguments)


def command(options, payers):
    words = [str(options.bin / "restart_benchmark"), "--payers", str(payers), "--tips",
             str(options.tips), "--starts", str(options.starts)]
    return words + (["--data-parent", options.data_parent] if options.data_parent else [])


def point(starts):
    """What these starts say together: medians, and how far they lie apart."""
    seconds = [start["seconds_to_serving"] for start in starts]
    return {**{name: starts[0][name] for name in GIVEN}, "starts": len(starts),
            **{name: statistics.median(start[name] for start in starts) for name in MEASURED},
            "lowest_seconds": min(seconds), "highest_seconds": max(seconds)}


def measure(options, payers, facts):
    """Keeps the point anew after each start."""
    words = command(options, payers)
    starts = []
    with children.running(words, stdout=subprocess.PIPE, text=True) as child:
        for line in child.stdout:
            starts.append(json.loads(line))
            compare.say(f"    start {len(starts)} of {options.starts}: "
                        f"{starts[-1]['seconds_to_serving']:.2f} s")
            results.put_json_line(options.results / "restart.jsonl", {**point(starts), **facts},
                                  GIVEN)
        status = child.wait()
    if status != 0 or len(starts) != options.starts:
        sys.exit(f"{' '.join(words)}: exit status {status}, {len(starts)} starts")


def main():
    options = parse(sys.argv[1:])
    children.catch_interrupts()
    options.results.mkdir(parents=True, exist_ok=True)
    facts = {"date": datetime.date.today().isoformat(), "commit": compare.commit(),
             "command": " ".join(["./dev bench --restart", *sys.argv[1:]])}
    try:
        for payers in options.payers:
            compare.say(f"{payers:,} payers and {options.tips:,} tips to replay")
            measure(options, payers, facts)
        compare.write_page(options)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
