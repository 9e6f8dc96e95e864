#!/usr/bin/env python3
"""Proves that coverage.py can fail: takes parts away from a small tree that is well.

Usage: coverage_test.py
"""

import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECK = pathlib.Path(__file__).resolve().with_name("coverage.py")

TREE = {
    "docs/rules.md": "| T7 | DAY_LIMIT | ... | own |\n| F1 | | ... | own |\n",
    "core/decision.h": "enum class RejectionCode : uint8_t {\n  kDayLimit = 7,\n};\n",
    "core/rules/day.cc": "// T7\nbool DayLimit();\n// Rule F1: facts grow old.\n",
    "server/rejection_texts.cc": ".code = v1::REJECTION_CODE_DAY_LIMIT,\n.rule_ids = \"T7\",\n",
    "tests/core/day_test.cc": "TEST(Day, T7AndF1DayLimitIsReachedExactly) {\n",
    "tests/integration/day_test.cc": "TEST_F(Day, T7HoldsForAll) {\n",
    "tests/oracle/facts.h": "// F1\n",
}


class Coverage(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.root = pathlib.Path(scratch.name)
        for name, text in TREE.items():
            self.put(name, text)
        self.assertEqual(self.run_check("--write"), "")

    def put(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def run_check(self, *options):
        """What the check says; nothing if all is well."""
        done = subprocess.run([sys.executable, CHECK, "--root", self.root, *options],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1 if done.stderr else 0)
        return done.stderr

    def expect_fault(self, name, text, fault):
        self.put(name, text)
        self.assertIn(fault, self.run_check())

    def test_a_tree_that_is_well_passes(self):
        self.assertEqual(self.run_check(), "")

    def test_a_rule_without_code_is_found(self):
        self.expect_fault("core/rules/day.cc", "// F1\n", "T7: no code")

    def test_a_name_outside_of_comments_is_no_code(self):
        self.expect_fault("core/rules/day.cc", "// F1\nint T7;\n", "T7: no code")

    def test_a_rule_without_a_unit_test_is_found(self):
        self.expect_fault("tests/core/day_test.cc", "TEST(Day, T7Holds) {\n", "F1: no unit test")

    def test_the_name_of_a_suite_counts_too(self):
        self.put("tests/core/day_test.cc", "TEST(T7DayLimit, Holds) {\nTEST_F(F1Facts, T7GrowOld) {\n")
        self.assertEqual(self.run_check("--write"), "")
        self.assertIn("| T7 | DAY_LIMIT | core/rules/day.cc | 2: ", (self.root / "docs/coverage.md").read_text())

    def test_a_longer_number_is_another_rule(self):
        self.expect_fault("tests/core/day_test.cc", "TEST(Day, T71AndF1Holds) {\n", "T7: no unit test")

    def test_a_rule_that_neither_server_nor_oracle_has_is_found(self):
        self.expect_fault("tests/oracle/facts.h", "\n", "F1: neither")
        self.expect_fault("tests/integration/day_test.cc", "\n", "T7: neither")

    def test_a_test_of_no_rule_is_found(self):
        self.expect_fault("tests/core/more_test.cc", "TEST(Day, X9Holds) {\n", "X9: tests begin with it")

    def test_a_code_without_a_rule_is_found(self):
        self.expect_fault("core/decision.h", "enum class RejectionCode : uint8_t {\n  kDayLimit = 7,\n  kTipCap = 8,\n};\n",
                          "TIP_CAP: docs/rules.md has no rule")

    def test_a_text_that_names_another_rule_is_found(self):
        self.expect_fault("server/rejection_texts.cc",
                          ".code = v1::REJECTION_CODE_DAY_LIMIT,\n.rule_ids = \"T7 R8\",\n", "its text names R8")

    def test_a_text_that_leaves_a_rule_out_is_found(self):
        self.expect_fault("docs/rules.md", TREE["docs/rules.md"] + "| T8 | DAY_LIMIT | ... | own |\n",
                          "T8: server/rejection_texts.cc does not name it")

    def test_an_old_page_is_found(self):
        self.expect_fault("tests/core/more_test.cc", "TEST(Day, T7HoldsTwice) {\n", "docs/coverage.md: is old")


if __name__ == "__main__":
    unittest.main()
