#!/usr/bin/env python3
"""Does the gate stay what it is for as long as it runs?

Usage: soak.py [options]; ./dev soak calls it. A real gate gets a steady load with deadlines and
retries, while other callers come, break off, fall silent and die. Once a second its memory and its
descriptors are looked at: over the last two thirds of the time they must not grow. Exit status 0
only then, and if the gate ends well; the last line is a JSON object.
"""

import argparse
import json
import pathlib
import signal
import sys
import tempfile
import time

import crowd
import flat
import gate

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Descriptors that may come without being a leak: files of the database, one connection more.
DESCRIPTORS_SLACK = 8
COUNTERS = {"tips": "tipgate_decisions_total", "replays": "tipgate_replays_total",
            "overloads": "tipgate_overloads_total", "deadline_drops": "tipgate_deadline_drops_total",
            "checkpoints": "tipgate_checkpoints_total"}


def parse(arguments):
    parser = argparse.ArgumentParser(prog="./dev soak", allow_abbrev=False)
    parser.add_argument("--minutes", type=float, default=30, help="default 30")
    parser.add_argument("--rate", type=int, default=20_000,
                        help="tips a second of the steady load; default 20,000")
    parser.add_argument("--seed", type=int, default=1, help="of who dies when; default 1")
    parser.add_argument("--samples", type=pathlib.Path, help="also write what was seen, as CSV")
    parser.add_argument("--data-parent", help="folder that the data lies in; default $TMPDIR")
    parser.add_argument("--bin", type=pathlib.Path, default=ROOT / "build/release/bin",
                        help="default build/release/bin")
    return parser.parse_args(arguments)


def watch(tested, load, seconds):
    """Samples of (second, resident MB, sockets, other descriptors), until the time is over or the
    gate is."""
    samples = []
    start = time.monotonic()
    while (now := time.monotonic() - start) < seconds and tested.process.poll() is None:
        samples.append((now, tested.resident_mb(), *tested.descriptors()))
        if len(samples) % 60 == 1:
            print(f"==> {now / 60:.0f} min: {samples[-1][1]:.0f} MB, {samples[-1][2]} sockets, "
                  f"{samples[-1][3]} other descriptors; {load.counts}", file=sys.stderr, flush=True)
        time.sleep(max(0.0, 1 - (time.monotonic() - start - now)))
    return samples


def judge(samples):
    """What grew, and whether that is a leak, by what was watched."""
    found = {}
    for column, (name, slack) in enumerate((("resident_mb", 0), ("sockets", DESCRIPTORS_SLACK),
                                            ("other_descriptors", DESCRIPTORS_SLACK)), start=1):
        trend = flat.trend([(sample[0], sample[column]) for sample in samples])
        found[name] = {"mean": round(trend["mean"], 1), "growth": round(trend["growth"], 1),
                       "peak": max((sample[column] for sample in samples), default=0),
                       "flat": flat.is_flat(trend, slack=slack)}
    return found


def write_samples(path, samples):
    lines = ["second,resident_mb,sockets,other_descriptors"]
    lines += [f"{sample[0]:.1f},{sample[1]:.1f},{sample[2]},{sample[3]}" for sample in samples]
    path.write_text("\n".join(lines) + "\n")


def soak(options, folder):
    seconds = round(options.minutes * 60)
    tested = gate.Gate(options.bin, ROOT / "deploy", folder)
    try:
        load = crowd.Crowd(tested, options.bin, options.rate, seconds, options.seed)
        try:
            samples = watch(tested, load, seconds)
        finally:
            steady_status = load.stop()
        counted = {name: int(tested.metric(metric)) for name, metric in COUNTERS.items()}
    finally:
        gate_status = tested.stop()
    if options.samples:
        write_samples(options.samples, samples)
    found = judge(samples)
    is_flat = all(one["flat"] for one in found.values())
    report = {"minutes": round(samples[-1][0] / 60, 1), "rate": options.rate, **counted,
              **load.counts, **found, "steady_status": steady_status, "gate_status": gate_status}
    print(json.dumps(report))
    return is_flat and steady_status == 0 and gate_status == 0 and not load.counts["broken"]


def interrupt(*_):
    raise KeyboardInterrupt


def main():
    options = parse(sys.argv[1:])
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)
    with tempfile.TemporaryDirectory(prefix="tipgate-soak-", dir=options.data_parent) as folder:
        sys.exit(0 if soak(options, folder) else 1)


if __name__ == "__main__":
    main()
