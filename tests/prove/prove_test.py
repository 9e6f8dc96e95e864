"""What ./dev prove makes of what its trials say."""

import contextlib
import dataclasses
import io
import os
import pathlib
import tempfile
import unittest

import prove

TRIAL = prove.Trial("lives", 50, ("live", "--seed", "{seed}", "--seeds", "{n}"), 10, r"^\d+ seeds", amount_max=5_000)


def quietly(call, *arguments):
    with contextlib.redirect_stderr(io.StringIO()):
        return call(*arguments)


class Amounts(unittest.TestCase):
    def test_as_much_as_fits_by_what_the_short_run_took(self):
        self.assertEqual(prove.amount_for(TRIAL, 100, 2), 500)

    def test_never_less_than_the_short_run_nor_more_than_there_is(self):
        self.assertEqual(prove.amount_for(TRIAL, 1, 60), 10)
        self.assertEqual(prove.amount_for(TRIAL, 1_000_000, 1), 5_000)

    def test_the_shares_make_a_whole(self):
        self.assertEqual(sum(trial.share for trial in prove.TRIALS), 100)


    def test_a_trial_that_is_told_how_long_gets_all_of_its_time(self):
        minutes = dataclasses.replace(TRIAL, takes="minutes")
        self.assertEqual(prove.amount_for(minutes, 299, 1), 4)
        each = dataclasses.replace(TRIAL, takes="seconds each")
        self.assertEqual(prove.amount_for(each, 100, 1, fuzz_targets=os.cpu_count()), 100)


class Suites(unittest.TestCase):
    def test_half_of_the_time_is_for_them(self):
        suites = [prove.Suite("a", 8, ("a",)), prove.Suite("b", 25, ("b",))]
        self.assertEqual(prove.fitting(suites, 15), [])
        self.assertEqual(prove.fitting(suites, 65), suites[:1])
        self.assertEqual(prove.fitting(suites, 66), suites)

    def test_one_that_fails_ends_the_run_and_is_named(self):
        suites = [prove.Suite("a", 8, ("a",)), prove.Suite("b", 25, ("b",))]
        outcomes = quietly(prove.pass_all, suites, lambda words: (1, ["5 tests failed out of 7"], 1.0))
        self.assertEqual([(outcome.name, outcome.status) for outcome in outcomes], [("a", 1)])

    def test_what_was_left_out_is_told(self):
        text = prove.page([], 10, 1, [prove.Suite("the tests of b", 25, ("b",))], at="2026-01-01")
        self.assertIn("Left out, for they take longer than that: the tests of b.", text)


class Runs(unittest.TestCase):
    def test_a_trial_that_breaks_something_ends_the_run_and_is_named_with_its_command(self):
        calls = []

        def run(words):
            calls.append(words)
            return (1 if len(calls) == 2 else 0), ["seed 3: lost"], 1.0

        outcomes = quietly(prove.try_all, [TRIAL, TRIAL], 1, 1, run)
        self.assertEqual([outcome.status for outcome in outcomes], [1])
        self.assertEqual(outcomes[0].words, ["live", "--seed", "3", "--seeds", "10"])
        self.assertEqual(len(calls), 2)

    def test_the_long_run_follows_two_short_ones_with_other_seeds(self):
        calls = []

        def run(words):
            calls.append(words)
            return 0, ["7 seeds, 0 lost", "noise"], 0.3

        outcomes = quietly(prove.try_all, [TRIAL], 1, 5, run)
        self.assertEqual([words[2] for words in calls], ["6", "7", "5"])
        self.assertGreater(int(outcomes[0].words[4]), 10)
        text = prove.page(outcomes, 1, 5, at="2026-01-01")
        self.assertIn("7 seeds, 0 lost", text)
        self.assertNotIn("noise", text)


class Page(unittest.TestCase):
    def test_only_what_is_between_the_markers_changes(self):
        with tempfile.TemporaryDirectory() as scratch:
            path = pathlib.Path(scratch) / "page.md"
            path.write_text(f"before\n{prove.BEGIN}\nold\n{prove.END}\nafter\n")
            prove.write(path, "new")
            self.assertEqual(path.read_text(), f"before\n{prove.BEGIN}\n\nnew\n{prove.END}\nafter\n")

    def test_a_page_without_markers_is_left_alone(self):
        with tempfile.TemporaryDirectory() as scratch:
            path = pathlib.Path(scratch) / "page.md"
            path.write_text("no markers\n")
            with self.assertRaises(SystemExit):
                prove.write(path, "new")
            self.assertEqual(path.read_text(), "no markers\n")

    def test_the_projects_page_has_them(self):
        text = (prove.ROOT / "docs" / "reliability.md").read_text()
        self.assertLess(text.index(prove.BEGIN), text.index(prove.END))


class Options(unittest.TestCase):
    def test_wrong_ones_are_refused(self):
        for words in ([], ["--minutes", "0"], ["--minutes", "x"], ["--minutes", "5", "--only", "nothing"]):
            with self.assertRaises(SystemExit) as failure:
                quietly(prove.parse, words)
            self.assertEqual(failure.exception.code, 2)


if __name__ == "__main__":
    unittest.main()
