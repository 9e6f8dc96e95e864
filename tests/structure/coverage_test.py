#!/usr/bin/env python3
"""Proves that coverage.py can fail: takes parts away from a small tree that is well.

Usage: coverage_test.py
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

CHECK = pathlib.Path(__file__).resolve().with_name("coverage.py")

# A test's macro, its suite and its name.
TEST = re.compile(r"^TEST\w*\((\w+), (\w+)\)")

# Lists what stands beside it, as a binary of tests would.
BINARY = """#!/usr/bin/env python3
import pathlib, shutil, sys
assert sys.argv[1] == "--gtest_list_tests"
shutil.copy(pathlib.Path(__file__).with_suffix(".json"), sys.argv[2].partition("json:")[2])
"""

TREE = {
    "docs/rules.md": "| T7 | DAY_LIMIT | ... | own |\n| F1 | | ... | own |\n",
    "core/decision.h": "enum class RejectionCode : uint8_t {\n  kDayLimit = 7,\n};\n",
    "core/rules/day.cc": "// T7\nbool DayLimit();\n// Rule F1: facts grow old.\n",
    "server/rejection_texts.cc": ".code = v1::REJECTION_CODE_DAY_LIMIT,\n.rule_ids = \"T7\",\n",
    "tests/structure/rules.txt": "T7-T7\nF1-F1\n",
    "tests/core/day_test.cc": "TEST(Day, T7AndF1DayLimitIsReachedExactly) {\n  EXPECT_TRUE(DayLimit());\n}\n",
    "tests/integration/day_test.cc": "TEST_F(Day, T7HoldsForAll) { ExpectAll(); }\n",
    "tests/oracle/facts.h": "// F1\n",
}


class Coverage(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.root = pathlib.Path(scratch.name)
        for name, text in TREE.items():
            self.put(name, text)
        self.build()
        self.assertEqual(self.run_check("--write"), "")

    def put(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def build(self):
        """Makes a binary of all tests of the tree."""
        suites = []
        for path in sorted(self.root.glob("tests/**/*_test.cc")):
            for line, text in enumerate(path.read_text().splitlines(), 1):
                for suite, name in TEST.findall(text):
                    test = {"name": name, "file": f"../../{path.relative_to(self.root)}", "line": line}
                    suites.append({"name": suite, "testsuite": [test]})
        self.put("build/core_test", BINARY)
        self.put("build/core_test.json", json.dumps({"testsuites": suites}))
        (self.root / "build/core_test").chmod(0o755)

    def run_check(self, *options):
        """What the check says; nothing if all is well."""
        done = subprocess.run([sys.executable, CHECK, "--root", self.root, *options, self.root / "build/core_test"],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1 if done.stderr else 0)
        return done.stderr

    def expect_fault(self, name, text, fault):
        self.put(name, text)
        self.build()
        self.assertIn(fault, self.run_check())

    def test_a_tree_that_is_well_passes(self):
        self.assertEqual(self.run_check(), "")

    def test_a_rule_without_code_is_found(self):
        self.expect_fault("core/rules/day.cc", "// F1\n", "T7: no code")

    def test_a_name_outside_of_comments_is_no_code(self):
        self.expect_fault("core/rules/day.cc", "// F1\nint T7;\n", "T7: no code")

    def test_a_rule_without_a_unit_test_is_found(self):
        self.expect_fault("tests/core/day_test.cc", "TEST(Day, T7Holds) { EXPECT_TRUE(1); }\n", "F1: no unit test")

    def test_the_name_of_a_suite_counts_too(self):
        self.put("tests/core/day_test.cc", "TEST(T7Day, Holds) { EXPECT_TRUE(1); }\nTEST_F(F1Facts, T7Grow) { EXPECT_TRUE(1); }\n")
        self.build()
        self.assertEqual(self.run_check("--write"), "")
        self.assertIn("| T7 | DAY_LIMIT | core/rules/day.cc | 2: ", (self.root / "docs/coverage.md").read_text())

    def test_a_longer_number_is_another_rule(self):
        self.expect_fault("tests/core/day_test.cc", "TEST(Day, T71AndF1Holds) { EXPECT_TRUE(1); }\n", "T7: no unit test")

    def test_a_test_that_is_not_built_is_none(self):
        self.put("tests/core/day_test.cc", "#if 0\n" + TREE["tests/core/day_test.cc"] + "#endif\n")
        self.put("build/core_test.json", '{"testsuites": []}')
        self.assertIn("T7: no unit test", self.run_check())

    def test_a_test_that_is_switched_off_is_none(self):
        for name in ("Day, DISABLED_T7AndF1Holds", "DISABLED_Day, T7AndF1Holds"):
            self.expect_fault("tests/core/day_test.cc", f"TEST({name}) {{ EXPECT_TRUE(1); }}\n", "T7: no unit test")

    def test_a_test_that_expects_nothing_is_none(self):
        for body in ("{\n  GTEST_SKIP();\n}", "{ GTEST_SKIP(); }", "{}", "{\n  // EXPECT_TRUE(1);\n}", "{\n  DayLimit();\n}",
                     "{\n  if (true) GTEST_SKIP();\n  EXPECT_TRUE(1);\n}", "{\n#if 0\n  EXPECT_TRUE(1);\n#endif\n}"):
            text = f"TEST(Day, T7AndF1Holds) {body}\n\nTEST(Day, Other) {{\n  EXPECT_TRUE(1);\n}}\n"
            self.expect_fault("tests/core/day_test.cc", text, "T7AndF1Holds expects nothing")
            self.assertIn("T7: no unit test", self.run_check())

    def test_an_old_binary_is_found(self):
        self.put("tests/core/day_test.cc", "TEST(Day, T7AndF1Holds) { EXPECT_TRUE(1); }\n")
        self.assertIn("build first", self.run_check())

    def test_a_lost_rule_is_found_and_not_written_away(self):
        for name, text in TREE.items():
            self.put(name, text.replace("| F1 | | ... | own |\n", "").replace("T7AndF1", "T7"))
        self.build()
        self.assertIn("F1: docs/rules.md has lost it", self.run_check("--write"))
        self.assertIn("F1: docs/rules.md has lost it", self.run_check())

    def test_a_rule_that_is_not_listed_is_found(self):
        self.expect_fault("docs/rules.md", TREE["docs/rules.md"] + "| F2 | | ... | own |\n", "F2: tests/structure/rules.txt does not")

    def test_a_rule_that_neither_server_nor_oracle_has_is_found(self):
        self.expect_fault("tests/oracle/facts.h", "\n", "F1: neither")
        self.expect_fault("tests/integration/day_test.cc", "\n", "T7: neither")

    def test_a_test_of_no_rule_is_found(self):
        self.expect_fault("tests/core/more_test.cc", "TEST(Day, X9Holds) { EXPECT_TRUE(1); }\n", "X9: tests begin with it")

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
        self.expect_fault("tests/core/more_test.cc", "TEST(Day, T7HoldsTwice) { EXPECT_TRUE(1); }\n", "docs/coverage.md: is old")


if __name__ == "__main__":
    unittest.main()
