#!/usr/bin/env python3
"""Proves that run --check can fail: gives it small pages and lists of faults.

Usage: check_test.py
"""

import contextlib
import importlib.machinery
import importlib.util
import io
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
SCRIPT = str(pathlib.Path(__file__).resolve().with_name("run"))
LOADER = importlib.machinery.SourceFileLoader("run", SCRIPT)
run = importlib.util.module_from_spec(importlib.util.spec_from_loader("run", LOADER))
sys.modules["run"] = run
LOADER.exec_module(run)

CAUGHT = run.Result("Day.T16Holds", run.SURVIVED)
UNCAUGHT = run.Result(run.SURVIVED, run.SURVIVED)


class Check(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        run.ROOT = pathlib.Path(scratch.name)
        run.PAGE = run.ROOT / "testing.md"
        self.faults = [run.Fault(f"fault-{i}", "day.cc", "breaks", f"line {i};", "") for i in range(20)]
        (run.ROOT / "day.cc").write_text("".join(fault.old for fault in self.faults))
        self.put_page({fault.name: CAUGHT for fault in self.faults})

    def put_page(self, results):
        run.PAGE.write_text(f"# Head\n{run.BEGIN}{run.table_text(self.faults, results)}{run.END}")

    def check(self):
        """What the check says; nothing if all is well."""
        with contextlib.redirect_stderr(io.StringIO()) as said:
            status = run.check(self.faults)
        self.assertEqual(status, 1 if said.getvalue() else 0)
        return said.getvalue()

    def test_a_page_where_all_is_caught_passes(self):
        self.assertEqual(self.check(), "")

    def test_one_of_twenty_may_be_uncaught_and_not_two(self):
        results = {fault.name: CAUGHT for fault in self.faults}
        self.put_page({**results, "fault-3": UNCAUGHT})
        self.assertEqual(self.check(), "")
        self.put_page({**results, "fault-3": UNCAUGHT, "fault-4": UNCAUGHT})
        self.assertIn("only 18 of 20 faults", self.check())

    def test_a_fault_without_a_result_is_found(self):
        self.put_page({fault.name: CAUGHT for fault in self.faults[1:]})
        self.assertIn("1 faults have no result; run ./dev mutations --write fault-0", self.check())

    def test_faults_without_results_are_not_caught(self):
        self.put_page({fault.name: CAUGHT for fault in self.faults[2:]})
        self.assertIn("only 18 of 20 faults", self.check())

    def test_a_fault_that_cannot_be_put_in_is_found(self):
        (run.ROOT / "day.cc").write_text("line 0;")
        self.assertIn("fault-1: its old text stands 0 times", self.check())

    def test_a_page_that_sums_up_wrongly_is_found(self):
        run.PAGE.write_text(run.PAGE.read_text().replace("Of 20 faults 20", "Of 20 faults 21"))
        self.assertIn("its table is not of this list", self.check())


if __name__ == "__main__":
    unittest.main()
