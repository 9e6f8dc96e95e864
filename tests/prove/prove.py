#!/usr/bin/env python3
"""Tries to break the gate in every way there is here, for as long as you say, and writes down what came out.

Usage: ./dev prove --minutes M [options]. The suites of tests come first, plain and under sanitizers, as far as they
fit into half of the time. Each kind of trial gets a share of the rest; a short run of it first tells how much of it
fits into that. The last lines of docs/reliability.md, between its markers, are written anew, unless
something broke: then the run says how to see it again. Exit status: 0 nothing broke, 1 something did, 2 wrong options.
"""

import argparse
import dataclasses
import datetime
import os
import pathlib
import platform
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BEGIN = "<!-- The proof: written by ./dev prove, not by hand. -->"
END = "<!-- End of the proof. -->"


@dataclasses.dataclass(frozen=True)
class Suite:
    """Tests that take the time that they take."""
    name: str
    minutes: int  # about, on two cores, when everything is built
    words: tuple


SUITES = (
    Suite("the tests", 8, ("./dev", "test")),
    Suite("the tests under ASan and UBSan", 25, ("./dev", "test", "asan")),
    Suite("the tests under TSan", 25, ("./dev", "test", "tsan")),
)


@dataclasses.dataclass(frozen=True)
class Trial:
    """A kind of trial: how it is run, and which of its lines say what came out."""
    name: str
    share: int  # of the time, in percent
    words: tuple  # of the command; {n} is how much of it, {few} the same but at most 500, {seed} its seed
    pilot: int  # how much of it the short run takes
    keeps: str  # a regular expression for the lines to keep
    amount_max: int = 10**9
    takes: str = ""  # what {n} is of a trial that is told how long to run: "seconds each" of four, or "minutes"


# What is tried, in this order. The shares make 100.
TRIALS = (
    Trial("core against oracle", 10, ("./dev", "oracle", "--seed", "{seed}", "--requests", "{n}"), 50_000,
          r"requests"),
    Trial("simulated lives", 25, ("./dev", "simulate", "--seed", "{seed}", "--seeds", "{n}"), 200,
          r"^\d+ seeds|^ +\d+  |state hash"),
    Trial("real crashes", 20, ("./dev", "crash", "--seed", "{seed}", "--rounds", "{n}"), 3,
          r"^\d+ rounds|^ +\d+  "),
    Trial("power losses", 10, ("./dev", "crash", "--power-losses", "{n}"), 20, r"lives|losses"),
    Trial("damaged disks", 15, ("./dev", "damage", "--seed", "{seed}", "--flips", "{n}", "--cuts", "{n}",
                                "--faults", "{few}"), 10, r"^kind|^ *\S+ +\d+( +\d+){4}|^\d+ cuts|^failed|^full|exit code",
          amount_max=10_000),
    Trial("fuzzing", 10, ("./dev", "fuzz", "--seconds", "{n}"), 2, r"executions",
          takes="seconds each"),
    Trial("soak", 10, ("./dev", "soak", "--seed", "{seed}", "--minutes", "{n}"), 1, r"^\{", takes="minutes"),
)


def say(text):
    print(f"==> {text}", file=sys.stderr, flush=True)


def words_of(trial, amount, seed):
    return [word.format(n=amount, few=min(amount, 500), seed=seed) for word in trial.words]


def run(words):
    """Runs a command, showing what it prints; returns its exit status, its lines and its seconds."""
    begin = time.monotonic()
    lines = []
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True, errors="replace") as child:
        for line in child.stdout:
            print(line, end="", flush=True)
            lines.append(line.rstrip("\n"))
    return child.returncode, lines, time.monotonic() - begin


def amount_for(trial, seconds_left, pilot_seconds, fuzz_targets=4):
    """How much of a trial fits into the time, by what its short run took."""
    if trial.takes == "minutes":
        return max(1, int(seconds_left / 60))
    if trial.takes:
        return max(1, int(seconds_left * os.cpu_count() / fuzz_targets))
    return max(trial.pilot, min(trial.amount_max, int(seconds_left / pilot_seconds * trial.pilot)))


@dataclasses.dataclass
class Outcome:
    name: str
    keeps: str
    words: list
    status: int
    lines: list
    seconds: float


def fitting(suites, minutes):
    """Those that half of the time is enough for, in their order."""
    taken, fit = 0, []
    for suite in suites:
        taken += suite.minutes
        if taken * 2 <= minutes:
            fit.append(suite)
    return fit


def pass_all(suites, run_words=run):
    """Runs the suites; stops at the first that fails."""
    outcomes = []
    for suite in suites:
        say(suite.name)
        status, lines, seconds = run_words(list(suite.words))
        outcomes.append(Outcome(suite.name, r"tests passed|tests failed", list(suite.words), status, lines, seconds))
        if status != 0:
            break
    return outcomes


def try_all(trials, minutes, seed, run_words=run):
    """Runs the trials; stops at the first that breaks something."""
    outcomes = []
    for trial in trials:
        budget = minutes * 60 * trial.share / 100
        say(f"{trial.name}: {budget / 60:.0f} min")
        # The short run has a seed of its own, and builds what has to be built.
        status, lines, _ = run_words(words_of(trial, trial.pilot, seed + 1))
        begin = time.monotonic()
        if status == 0:
            status, lines, pilot_seconds = run_words(words_of(trial, trial.pilot, seed + 2))
        words = words_of(trial, trial.pilot, seed + 2)
        if status == 0:
            left = max(1.0, budget - (time.monotonic() - begin))
            words = words_of(trial, amount_for(trial, left, max(pilot_seconds, 0.01)), seed)
            status, lines, _ = run_words(words)
        outcomes.append(Outcome(trial.name, trial.keeps, words, status, lines, time.monotonic() - begin))
        if status != 0:
            break
    return outcomes


def output_of(*words):
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def commit():
    is_changed = output_of("git", "status", "--porcelain", "--untracked-files=no", "--", "*.cc", "*.h", "*.proto", "*.py",
                           "*CMakeLists.txt")
    return output_of("git", "rev-parse", "--short", "HEAD") + (" with changes" if is_changed else "")


def machine():
    cpu = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return f"{os.cpu_count()} cores of {cpu.group(1) if cpu else 'an unknown CPU'}, Linux {platform.release().split('-')[0]}"


def page(outcomes, minutes, seed, left_out=(), at=None):
    """What is written between the markers."""
    kept = [f"{at or datetime.date.today().isoformat()}, commit {commit()}, {machine()}; `./dev prove --minutes {minutes} "
            f"--seed {seed}`. Nothing broke.", ""]
    if left_out:
        kept += [f"Left out, for they take longer than that: {', '.join(suite.name for suite in left_out)}.", ""]
    for outcome in outcomes:
        kept += [f"**{outcome.name[0].upper()}{outcome.name[1:]}**, {outcome.seconds / 60:.1f} min: `{' '.join(outcome.words)}`", "",
                 "```text"]
        kept += [line for line in outcome.lines if re.search(outcome.keeps, line)]
        kept += ["```", ""]
    return "\n".join(kept)


def write(path, text):
    """Puts the text between the markers of the page, which must have them."""
    whole = path.read_text(encoding="utf-8")
    begin, end = whole.find(BEGIN), whole.find(END)
    if begin < 0 or end < begin:
        sys.exit(f"{path}: the markers are missing: {BEGIN} ... {END}")
    path.write_text(f"{whole[:begin]}{BEGIN}\n\n{text}\n{whole[end:]}", encoding="utf-8")


def parse(arguments):
    parser = argparse.ArgumentParser(prog="./dev prove", description="Tries to break the gate, and says what came out.")
    parser.add_argument("--minutes", type=int, required=True, metavar="M", help="that all of it takes, about; building apart")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="another one tries other things; 1")
    parser.add_argument("--only", metavar="NAME", help="one kind of trial, with all of the time, and no page: "
                        + ", ".join(trial.name for trial in TRIALS))
    parser.add_argument("--page", type=pathlib.Path, default=ROOT / "docs" / "reliability.md", metavar="FILE",
                        help="to write the result into; docs/reliability.md")
    options = parser.parse_args(arguments)
    if options.minutes < 1:
        parser.error("--minutes takes a number from 1 on")
    if options.only and options.only not in [trial.name for trial in TRIALS]:
        parser.error(f"--only: there is no '{options.only}'")
    return options


def main():
    options = parse(sys.argv[1:])
    trials = TRIALS
    if options.only:
        trials = [dataclasses.replace(trial, share=100) for trial in TRIALS if trial.name == options.only]
    suites = [] if options.only else fitting(SUITES, options.minutes)
    outcomes = pass_all(suites)
    if all(outcome.status == 0 for outcome in outcomes):
        taken = sum(suite.minutes for suite in suites)
        outcomes += try_all(trials, options.minutes - taken, options.seed)
    broken = [outcome for outcome in outcomes if outcome.status != 0]
    for outcome in broken:
        say(f"{outcome.name}: BROKEN, exit status {outcome.status}. Again: {' '.join(outcome.words)}")
    if not broken and not options.only:
        left_out = [suite for suite in SUITES if suite not in suites]
        write(options.page, page(outcomes, options.minutes, options.seed, left_out))
        say(f"nothing broke; wrote {options.page.relative_to(ROOT) if options.page.is_relative_to(ROOT) else options.page}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
