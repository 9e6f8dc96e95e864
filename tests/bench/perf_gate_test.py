#!/usr/bin/env python3
"""Proves that perf_gate.py can fail: gives it counts from a stand-in for valgrind.

Usage: perf_gate_test.py
"""

import contextlib
import io
import json
import os
import pathlib
import sys
import tempfile
import unittest
import unittest.mock

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bench"))
import perf_gate

TIPS = 100
# Of one tip. The chain is a part of the journal, and is taken from it.
COSTS = {"CountParse": 1000, "CountDecide": 2000, "CountJournal": 900, "CountChain": 600, "CountReply": 500}
SAID = {"tips": TIPS, "made_with": {"compiler": "GNU 12.2.0"}, "libraries": {"openssl": "3.0.1"}}

# Writes what the test left beside it where callgrind would write, and says what the program would.
VALGRIND = """#!/bin/sh
cd "$(dirname "$0")"
for word; do case $word in --callgrind-out-file=*) out=${word#*=} ;; esac; done
if [ -e callgrind.out ]; then cp callgrind.out "$out"; fi
cat said.json
echo "a word of valgrind" >&2
exit "$(cat status)"
"""


class PerfGate(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.root = pathlib.Path(scratch.name)
        self.counts = self.root / "counts.json"
        self.bin = self.root / "build" / "bin"
        self.bin.mkdir(parents=True)
        (self.bin / "valgrind").write_text(VALGRIND)
        (self.bin / "valgrind").chmod(0o755)
        self.stand_in(COSTS)
        self.assertEqual(self.run_gate("--write")[0], 0)

    def stand_in(self, costs, said=None, status=0):
        """What the next run counts: two calls of each function, and one of another."""
        lines = ["creator: callgrind-3.19.0", "fn=main", "cfn=other", "calls=1 1", "1 999999"]
        for function, cost in costs.items():
            lines += [f"cfn={function}", "calls=1 1", f"1 {cost * TIPS - 7}", "2 5"]
            lines += ["cfi=other.cc", f"cfn={function}", "calls=1 1", "1 7"]
        (self.bin / "callgrind.out").write_text("\n".join(lines) + "\n")
        (self.bin / "said.json").write_text(json.dumps(SAID | (said or {})))
        (self.bin / "status").write_text(str(status))

    def run_gate(self, *words):
        """Its exit status, and all that it says."""
        words = ["--counts", str(self.counts), *words, str(self.bin / "tip_stages")]
        path = {"PATH": f"{self.bin}:{os.environ['PATH']}"}
        with unittest.mock.patch.dict(os.environ, path), io.StringIO() as said:
            with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
                status = perf_gate.main(words)
            return status, said.getvalue()

    def assert_fails(self, *parts):
        status, said = self.run_gate()
        self.assertEqual(status, 1, said)
        for part in parts:
            self.assertIn(part, said)
        return said

    def test_the_file_has_instructions_of_a_tip_by_stage(self):
        counts = json.loads(self.counts.read_text())
        self.assertEqual(counts["instructions_per_tip"]["1 tip a call"],
                         {"parse": 1000, "decide": 2000, "journal": 300, "chain": 600, "reply": 500})
        self.assertEqual(counts["made_with"], SAID["made_with"])
        self.assertEqual(counts["libraries"], {"openssl": "3.0.1", "valgrind": "callgrind-3.19.0"})

    def test_the_same_counts_pass(self):
        status, said = self.run_gate()
        self.assertEqual(status, 0, said)
        self.assertIn("1000 tips a call, decide: 2000.0 instructions a tip before, 2000.0 now, +0.00 %", said)

    def test_three_percent_more_or_less_pass(self):
        for decide in (1940, 2060):
            self.stand_in(COSTS | {"CountDecide": decide})
            self.assertEqual(self.run_gate()[0], 0)

    def test_a_stage_above_three_percent_is_named(self):
        self.stand_in(COSTS | {"CountDecide": 2061})
        said = self.assert_fails("decide: 2000.0 instructions a tip before, 2061.0 now, +3.05 %",
                                 "over 3 % more", "callgrind_annotate", "perf-gate --write")
        self.assertNotIn("fewer", said.partition("Make them")[0])
        self.assertNotIn("Other versions", said)

    def test_a_stage_below_three_percent_asks_for_the_file_to_be_written(self):
        self.stand_in(COSTS | {"CountReply": 484})
        said = self.assert_fails("reply: 500.0 instructions a tip before, 484.0 now, -3.20 %", "over 3 % fewer",
                                 "update the file with ./dev perf-gate --write")
        self.assertNotIn("more instructions", said)

    def test_the_encoding_is_seen_beside_the_chain(self):
        self.stand_in(COSTS | {"CountJournal": 910})
        said = self.assert_fails("journal: 300.0 instructions a tip before, 310.0 now, +3.33 %")
        self.assertNotIn("chain: 600.0 instructions a tip before, 610", said)

    def test_after_write_new_counts_pass(self):
        self.stand_in(COSTS | {"CountDecide": 1000})
        self.assertEqual(self.run_gate()[0], 1)
        self.assertEqual(self.run_gate("--write")[0], 0)
        self.assertEqual(self.run_gate()[0], 0)

    def test_a_missing_file_is_named(self):
        self.counts.unlink()
        self.assert_fails("counts.json does not exist", "perf-gate --write")

    def test_garbage_in_the_file_is_told(self):
        whole = json.loads(self.counts.read_text())
        stages = whole["instructions_per_tip"]["1 tip a call"]
        for text in ("", "{", "[]", "7", "{}", json.dumps(whole | {"instructions_per_tip": {}}),
                     json.dumps(whole | {"made_with": 3}), json.dumps(whole | {"more": 1}),
                     json.dumps(whole | {"instructions_per_tip": dict.fromkeys(whole["instructions_per_tip"], 1)})):
            self.counts.write_text(text)
            self.assert_fails("is not what ./dev perf-gate --write writes")
        for number in (0, -1, "2000", None, True):
            stages["decide"] = number
            self.counts.write_text(json.dumps(whole))
            self.assert_fails("is not what ./dev perf-gate --write writes")

    def test_a_stage_that_the_file_lacks_is_told(self):
        whole = json.loads(self.counts.read_text())
        del whole["instructions_per_tip"]["1000 tips a call"]["decide"]
        self.counts.write_text(json.dumps(whole))
        self.assert_fails("is not what ./dev perf-gate --write writes", "decide")

    def test_a_stage_that_was_not_counted_is_told(self):
        self.stand_in({name: cost for name, cost in COSTS.items() if name != "CountReply"})
        self.assert_fails("has no call of CountReply")
        self.assertEqual(self.run_gate("--write")[0], 1)

    def test_another_compiler_is_not_compared(self):
        self.stand_in(COSTS, {"made_with": {"compiler": "GNU 13.1.0"}})
        said = self.assert_fails("compiler: GNU 12.2.0 in the file, GNU 13.1.0 here", "cannot be compared")
        self.assertNotIn("instructions a tip before", said)

    def test_another_library_passes_unless_counts_differ(self):
        self.stand_in(COSTS, {"libraries": {"openssl": "3.0.2"}})
        self.assertEqual(self.run_gate()[0], 0)
        self.stand_in(COSTS | {"CountDecide": 3000}, {"libraries": {"openssl": "3.0.2"}})
        self.assert_fails("Other versions of libraries", "openssl: 3.0.1 in the file, 3.0.2 here")

    def test_a_run_that_failed_is_told(self):
        self.stand_in(COSTS, status=3)
        self.assert_fails("ended with exit status 3", "a word of valgrind")
        self.assertEqual(self.run_gate("--write")[0], 1)

    def test_a_run_without_counts_is_told(self):
        (self.bin / "callgrind.out").unlink()
        self.assert_fails("ended with exit status 0", "a word of valgrind")


if __name__ == "__main__":
    unittest.main()
