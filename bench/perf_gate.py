#!/usr/bin/env python3
"""Fails if a tip takes more than 3 % more instructions, or fewer, than the file says.

Usage: perf_gate.py [--write] [--counts FILE] PROGRAM

Runs PROGRAM (bench/tip_stages_main.cc) under callgrind, which counts the instructions of each stage
of a tip. The counts are those of the code alone: no clock, no noise, and one simulated processor,
so two runs of one build give the same numbers. --write puts them into the file instead.
"""

import argparse
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
COUNTS = ROOT / "bench/instruction_counts.json"
TOLERANCE_PERCENT = 3

# Each scene is a run with so many tips a call.
SCENES = {"1000 tips a call": 1000, "1 tip a call": 1}

# The functions to count. What the hash chain takes of the journal is a stage of its own: it stands
# for the bytes of a tip, and would hide what the encoding takes.
FUNCTIONS = ("CountParse", "CountDecide", "CountJournal", "CountChain", "CountReply")
STAGES = {
    "parse": lambda counted: counted["CountParse"],
    "decide": lambda counted: counted["CountDecide"],
    "journal": lambda counted: counted["CountJournal"] - counted["CountChain"],
    "chain": lambda counted: counted["CountChain"],
    "reply": lambda counted: counted["CountReply"],
}

# The libraries choose their code by what the processor can do, and valgrind's can do more if the
# machine's can. So they are told of one that has no more than SSE2, or SSSE3 with OpenSSL: AVX,
# XOP and OSXSAVE are taken away, and all of CPUID's leaf 7. The sizes of caches are fixed too.
PROCESSOR = {
    "GLIBC_TUNABLES": ":".join((
        "glibc.cpu.hwcaps=" + ",".join("-" + feature for feature in (
            "AVX", "AVX2", "AVX512F", "AVX512VL", "AVX512BW", "AVX_Fast_Unaligned_Load", "BMI1",
            "BMI2", "ERMS", "FSRM", "LZCNT", "MOVBE", "RTM", "SSSE3", "SSE4_1", "SSE4_2")),
        "glibc.cpu.x86_data_cache_size=0x8000",
        "glibc.cpu.x86_shared_cache_size=0x100000",
        "glibc.cpu.x86_non_temporal_threshold=0xc0000")),
    "OPENSSL_ia32cap": "~0x1800080000000000:~0xffffffffffffffff",
}


class Failure(Exception):
    """What a person is told, in one or more lines."""


@dataclasses.dataclass
class Counts:
    made_with: dict  # what two counts must have in common to be compared
    libraries: dict  # may differ, and then may be why counts do
    instructions_per_tip: dict  # by scene and stage

    def text(self):
        return json.dumps(dataclasses.asdict(self), indent=2, sort_keys=True) + "\n"


# --- The file

def read_counts(path):
    if not path.exists():
        raise Failure(f"{path} does not exist; ./dev perf-gate --write makes it")
    try:
        counts = Counts(**json.loads(path.read_text()))
        numbers = [counts.instructions_per_tip[scene][stage] for scene in SCENES for stage in STAGES]
        is_sound = all(type(number) in (int, float) and number > 0 for number in numbers)
        is_sound &= isinstance(counts.made_with, dict) and isinstance(counts.libraries, dict)
    except (ValueError, TypeError, KeyError) as error:
        raise Failure(f"{path} is not what ./dev perf-gate --write writes: {error!r}") from error
    if not is_sound:
        raise Failure(f"{path} is not what ./dev perf-gate --write writes: a count is no number above 0")
    return counts


# --- Counting

def run_callgrind(program, tips_per_call, out):
    """What the program says; callgrind's file is `out`."""
    # Nothing of the caller's environment, and no calls that are bound when they are first made.
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "LD_BIND_NOW": "1", **PROCESSOR}
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        raise Failure("valgrind is not installed")
    out.unlink(missing_ok=True)
    command = [valgrind, "--tool=callgrind", f"--callgrind-out-file={out}", "--compress-strings=no",
               "--compress-pos=no", str(program), "deploy/policy.yaml", "deploy/gifts.yaml",
               str(tips_per_call)]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if run.returncode != 0 or not out.exists():
        raise Failure(f"{' '.join(command)}\nended with exit status {run.returncode}:\n{run.stderr[-2000:]}")
    return json.loads(run.stdout)


def read_callgrind(out):
    """Callgrind's version, and the instructions of each function of FUNCTIONS with what it calls."""
    counted = dict.fromkeys(FUNCTIONS, 0)
    version = callee = None
    is_cost_of_call = False
    with out.open(errors="replace") as lines:
        for line in lines:
            if is_cost_of_call:  # its place, and its instructions
                if callee in counted:
                    counted[callee] += int(line.split()[1])
                is_cost_of_call = False
            elif line.startswith("cfn="):
                callee = line[len("cfn="):].strip()
            elif line.startswith("calls="):
                is_cost_of_call = True
            elif line.startswith("creator:"):
                version = line.partition(":")[2].strip()
    missing = [function for function, count in counted.items() if count == 0]
    if missing:
        raise Failure(f"{out} has no call of {' and '.join(missing)}: "
                      "bench/tip_stages_main.cc and bench/perf_gate.py must name the same functions")
    return version, counted


def out_of(runs, scene):
    return runs / f"callgrind.{SCENES[scene]}"


def count(program):
    program = pathlib.Path(program).resolve()
    runs = program.parent.parent / "perf"
    runs.mkdir(exist_ok=True)
    outs = [out_of(runs, scene) for scene in SCENES]
    with concurrent.futures.ThreadPoolExecutor() as pool:
        said = list(pool.map(run_callgrind, [program] * len(SCENES), SCENES.values(), outs))
    per_tip, libraries = {}, said[0]["libraries"]
    for scene, out, words in zip(SCENES, outs, said):
        libraries["valgrind"], counted = read_callgrind(out)
        per_tip[scene] = {stage: round(of(counted) / words["tips"], 1) for stage, of in STAGES.items()}
    return Counts(said[0]["made_with"], libraries, per_tip), runs


# --- Comparing

def differences(before, after):
    """Lines about what differs in two dictionaries."""
    return [f"  {key}: {before.get(key)} in the file, {after.get(key)} here"
            for key in sorted(before.keys() | after.keys()) if before.get(key) != after.get(key)]


def check_made_alike(path, before, after):
    lines = differences(before.made_with, after.made_with)
    if lines:
        raise Failure("\n".join((
            f"{path} was made with something else, and cannot be compared with this build:", *lines,
            "On a Debian 12 with its packages, ./dev perf-gate compares. Elsewhere, compare with counts of your own:",
            "  ./dev perf-gate --counts build/counts.json --write   at the commit before",
            "  ./dev perf-gate --counts build/counts.json           at yours",
            "If the project itself has changed its compiler or flags: ./dev perf-gate --write")))


def compare(path, before, after, runs):
    """Prints each stage; fails if one is out of range."""
    dearer, cheaper, dearer_scenes = [], [], []
    for scene in SCENES:
        for stage in STAGES:
            was, now = before.instructions_per_tip[scene][stage], after.instructions_per_tip[scene][stage]
            percent = 100 * (now - was) / was
            line = f"{scene}, {stage}: {was} instructions a tip before, {now} now, {percent:+.2f} %"
            print(line)
            if percent > TOLERANCE_PERCENT:
                dearer.append("  " + line)
                dearer_scenes += [scene] if scene not in dearer_scenes else []
            elif percent < -TOLERANCE_PERCENT:
                cheaper.append("  " + line)
    lines = []
    if dearer:
        lines += [f"these stages take over {TOLERANCE_PERCENT} % more instructions than {path} says:", *dearer,
                  "What takes them: callgrind_annotate --inclusive=yes "
                  + " or ".join(os.path.relpath(out_of(runs, scene)) for scene in dearer_scenes),
                  "Make them fewer; or, if they are worth it, say why in the commit that has the new counts: "
                  "./dev perf-gate --write"]
    if cheaper:
        lines += [f"these stages take over {TOLERANCE_PERCENT} % fewer instructions than {path} says:", *cheaper,
                  "If that is a gain, keep it: update the file with ./dev perf-gate --write. If a stage lost "
                  "work that it should do, mend that."]
    if lines:
        libraries = differences(before.libraries, after.libraries)
        if libraries:
            lines += ["Other versions of libraries may be the reason:", *libraries]
        raise Failure("\n".join(lines))


def main(words):
    parser = argparse.ArgumentParser(prog="perf_gate.py", description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--counts", type=pathlib.Path, default=COUNTS,
                        help="the file; bench/instruction_counts.json if left out")
    parser.add_argument("--write", action="store_true", help="put the counts into the file")
    options = parser.parse_args(words)
    path = pathlib.Path(os.path.relpath(options.counts))
    try:
        before = None if options.write else read_counts(path)
        after, runs = count(options.program)
        if options.write:
            path.write_text(after.text())
            print(f"{path} has the counts of this build")
            return 0
        check_made_alike(path, before, after)
        compare(path, before, after, runs)
    except Failure as failure:
        print(f"perf-gate: {failure}", file=sys.stderr)
        return 1
    print("perf-gate passed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
