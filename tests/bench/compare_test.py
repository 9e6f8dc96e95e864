#!/usr/bin/env python3
"""The parts of the comparison that measure and draw nothing: what is planned, how runs are merged, what the page says.

Usage: compare_test.py
"""

import json
import pathlib
import sys
import tempfile
import unittest
import unittest.mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench/peers"))

import compare  # noqa: E402
import children  # noqa: E402
import overload  # noqa: E402
import page  # noqa: E402
import restart  # noqa: E402
import results  # noqa: E402


def run_of(system, mode, batch, decided, turn=1, part="rounds", **fields):
    report = {"tips_per_second": decided, "p50_us": 1000.0, "p99_us": 2000.0, "p999_us": 3000.0, "server_cpu_us_per_tip": 5.0,
              "in_flight": 8, "errors": 0, "rejected": 0, "unsent": 0, "batch": batch, "rate": None, **fields}
    return {"part": part, "round": turn, "system": system, "mode": mode, "batch": batch, "report": report}


RUNS = [run_of("tipgate", "unary", 1, 30_000), run_of("redis", "unary", 1, 60_000, p99_us=500.0),
        run_of("tipgate", "unary", 1, 50_000, 2), run_of("redis", "unary", 1, 20_000, 2, p99_us=700.0),
        run_of("tipgate", "unary", 1, 40_000, 3), run_of("redis", "unary", 1, 20_000, 3, p99_us=600.0),
        run_of("tipgate", "batch", 50, 400_000), run_of("postgres", "batch", 50, 50_000, server_cpu_us_per_tip=None),
        run_of("naive", "batch", 50, 5_000, part="sweep"),
        run_of("tipgate", "batch", 50, 100_000, part="latency", rate=200_000, p99_us=9000.0),
        run_of("tipgate", "batch", 50, 190_000, 2, part="latency", rate=200_000, unsent=4),
        run_of("tipgate", "batch", 50, 200_000, 3, part="latency", rate=200_000)]

DATA = {"date": "2026-11-26", "command": "./dev bench --peers", "capacity": 400_000,
        "machine": {"cores": 2, "cpu": "C", "memory_gib": 24, "file_system": "ext4", "kernel": "Linux", "grpc": "1", "compiler": "GCC",
                    "build_type": "R"},
        "versions": {"tipgate": "abc", "redis": "Redis 7", "postgres": "PostgreSQL 15"},
        "settings": {"rounds": 3, "seconds": 8, "warmup": 2, "payers": 1_000_000, "latency_payers": 100_000, "sessions": 1000, "seed": 1},
        "runs": RUNS}


class Merge(unittest.TestCase):
    def test_rounds_become_their_median_and_spread(self):
        entry = results.find(results.merge(RUNS, "rounds"), "redis", "unary", 1)
        self.assertEqual((entry["tips_per_second"], entry["lowest"], entry["highest"]), (20_000, 20_000, 60_000))
        self.assertEqual((entry["p99_us"], entry["rounds"]), (600.0, 3))

    def test_parts_are_kept_apart(self):
        self.assertIsNone(results.find(results.merge(RUNS, "rounds"), "naive", "batch", 50))
        self.assertEqual(len(results.merge(RUNS, "sweep")), 1)

    def test_what_is_not_known_is_not_judged(self):
        whats = [what for _, theirs, what, _, _ in results.verdicts(results.merge(RUNS, "rounds")) if theirs["system"] == "postgres"]
        self.assertEqual(whats, ["tips_per_second", "p50_us", "p99_us"])

    def test_more_tips_win_and_less_time(self):
        self.assertTrue(results.is_won("tips_per_second", 2, 1))
        self.assertFalse(results.is_won("p99_us", 2, 1))

    def test_a_point_takes_the_place_of_one_like_it(self):
        with tempfile.TemporaryDirectory() as scratch:
            path = pathlib.Path(scratch) / "growth.jsonl"
            for payers, rate in ((100, 1), (10, 2), (100, 3)):
                results.put_json_line(path, {"payers": payers, "rate": rate}, ("payers",))
            self.assertEqual(results.load_json_lines(path), [{"payers": 10, "rate": 2}, {"payers": 100, "rate": 3}])
            self.assertEqual(results.load_json_lines(path.with_name("none")), [])


class Page(unittest.TestCase):
    def test_the_table_has_ratios_and_what_lost(self):
        text = page.section(DATA, [("images/a.svg", "A")])
        self.assertIn("| 1 | Redis | 8 | 20,000 (20,000 - 60,000) | 2.0 | 1.00 ms | 0.60 ms | 5.0 µs |", text)
        self.assertIn("| 50 | PostgreSQL | 8 | 50,000 (50,000 - 50,000) | 8.0 | 1.00 ms | 2.00 ms | - |", text)
        self.assertIn("more tips a second in 2 of 2 comparisons. Where it does: 2.0 to 8.0 times as many.", text)
        self.assertIn("* Redis, 1 a call: p99 0.60 ms, Tipgate 2.00 ms", text)
        self.assertIn("![A](images/a.svg)", text)
        self.assertIn("| 50% | 200,000 | 190,000 | 1.00 ms | 2.00 ms | 3.00 ms | 4 |", text)

    def test_a_loss_of_throughput_is_told(self):
        runs = [run_of("tipgate", "unary", 1, 10), run_of("redis", "unary", 1, 20)]
        lines = page.judgement(results.merge(runs, "rounds"))
        self.assertIn("in 0 of 1 comparisons", lines[0])
        self.assertIn("* Redis, 1 a call: 20 tips/s, Tipgate 10", lines)

    def test_only_what_stands_between_the_marks_is_replaced(self):
        text = f"before\n{page.BEGIN}\nold\n{page.END}\nafter\n"
        once = page.replaced(text, "new")
        self.assertEqual(once, f"before\n{page.BEGIN}\n\nnew\n{page.END}\nafter\n")
        self.assertEqual(page.replaced(once, "new"), once)

    def test_a_page_without_marks_is_left_alone(self):
        with self.assertRaises(ValueError):
            page.replaced("a page", "new")

    def test_our_page_has_the_marks(self):
        page.replaced((ROOT / "docs/benchmarks.md").read_text(), "")


class Plan(unittest.TestCase):
    def options(self, *words):
        return compare.parse(["run", *words])

    def test_systems_take_turns_in_each_round(self):
        steps = compare.plan(self.options("--rounds", "2"))
        firsts = [system for part, turn, system, _, size in steps if part == "rounds" and turn == 2 and size == 1]
        self.assertEqual(firsts, list(results.SYSTEMS))
        self.assertEqual(sum(step[0] == "rounds" for step in steps), 2 * 11)

    def test_sizes_of_the_rounds_are_not_measured_again(self):
        steps = compare.plan(self.options("--sizes", "50,10,10"))
        self.assertEqual({step[4] for step in steps if step[0] == "sweep" and step[2] != "naive"}, {10})

    def test_all_systems_get_the_same_evening(self):
        options = self.options("--seed", "7", "--data-parent", "/d")
        for system in results.SYSTEMS:
            words = compare.command(options, system, "batch", 50, 1000)
            for flag, value in (("--batch", "50"), ("--payers", "1000"), ("--sessions", "1000"), ("--seed", "7"), ("--data-parent", "/d")):
                self.assertEqual(words[words.index(flag) + 1], value)

    def test_what_is_kept_says_nothing_of_this_machines_paths(self):
        report = {"tips_per_second": 1, "command": "/home/me/tipbench", "machine": {"kernel": "Linux 6.1.0-18-amd64"}}
        self.assertEqual(compare.kept("rounds", 1, "redis", "unary", 1, report)["report"], {"tips_per_second": 1})
        self.assertEqual(compare.kernel("Linux 6.1.0-18-amd64"), "Linux 6.1")

    def test_all_of_it_takes_less_than_half_an_hour(self):
        self.assertLess(compare.minutes_of(self.options()), 30)

    def test_wrong_arguments_are_refused(self):
        for words in (["--rounds", "0"], ["--sizes", "1,-2"], ["--seconds", "x"], ["--unknown"]):
            with self.assertRaises(SystemExit), open("/dev/null", "w", encoding="utf-8") as nowhere:
                stderr, sys.stderr = sys.stderr, nowhere
                try:
                    self.options(*words)
                finally:
                    sys.stderr = stderr


def report_of(**fields):
    return json.dumps({"tips_per_second": 5, "p99_us": 1.0, "errors": 0, "first_error": "",
                       "rejected": 0, "first_rejection": "", **fields})


class Latency(unittest.TestCase):
    def setUp(self):
        self.asked = []
        self.data = {"runs": [], "capacity": None}
        say, compare.say = compare.say, lambda text: None
        self.addCleanup(setattr, compare, "say", say)

    def keep(self, part, turn, *run):
        """Stands in for an evening."""
        self.data["runs"].append(compare.kept(part, turn, *run))
        if part == "capacity":
            self.data["capacity"] = results.capacity(self.data["runs"])

    def measure(self, words, what, may_be_late=False):
        """Stands in for a runner: the closed loop gets slower from run to run."""
        rate = int(words[words.index("--rate") + 1]) if "--rate" in words else None
        self.asked.append(rate)
        return {"tips_per_second": rate or 4_000 - 1_000 * len(self.asked), "rate": rate}

    def test_capacity_is_the_median_and_the_loads_take_turns(self):
        compare.measure_latency(compare.parse(["run"]), self, self)
        runs = self.data["runs"]
        self.assertEqual(self.data["capacity"], 2_000)
        rates = [20 * percent for percent in compare.LATENCY_PERCENTS]
        self.assertEqual(self.asked, [None] * 3 + rates * 3)
        self.assertEqual([run["report"]["tips_per_second"] for run in runs
                          if run["part"] == "capacity"], [3_000, 2_000, 1_000])
        self.assertEqual([run["round"] for run in runs if run["report"]["rate"] == rates[0]],
                         [1, 2, 3])

    def test_loads_go_a_little_beyond_the_capacity(self):
        self.assertGreater(max(compare.LATENCY_PERCENTS), 100)
        self.assertLessEqual(max(compare.LATENCY_PERCENTS), 120)


class Runner(unittest.TestCase):
    def measure(self, report, status, **options):
        with tempfile.TemporaryDirectory() as scratch:
            program = pathlib.Path(scratch) / "bench"
            program.write_text(f"#!/bin/sh\necho '{report}' >\"$2\"\nexit {status}\n")
            program.chmod(0o755)
            say, compare.say = compare.say, lambda text: None
            try:
                return compare.Runner(1).measure([str(program)], "a test", **options)
            finally:
                compare.say = say

    def test_a_report_is_read(self):
        report = report_of()
        self.assertEqual(self.measure(report, 0)["tips_per_second"], 5)
        self.assertEqual(self.measure(report, 1, may_be_late=True)["tips_per_second"], 5)
        with self.assertRaises(SystemExit):
            self.measure(report, 1)

    def test_tips_without_a_decision_end_the_run(self):
        with self.assertRaisesRegex(SystemExit, "no such payer"):
            self.measure(report_of(errors=1, first_error="no such payer"), 0)
        with self.assertRaisesRegex(SystemExit, "no report"):
            self.measure("", 1)

    def test_a_refused_tip_ends_the_run_by_name_and_rule(self):
        report = report_of(rejected=7, first_rejection="T4")
        for status in (0, 1):
            with self.assertRaisesRegex(SystemExit, "a test: 7 tips are refused, the first by T4"):
                self.measure(report, status, may_be_late=True)


class Evening(unittest.TestCase):
    REPORT = {"tips_per_second": 5, "peer_version": "Redis 7",
              "machine": {"cores": 2, "kernel": "Linux 6.1.0"}}

    def test_what_is_measured_is_kept_at_once_and_takes_its_place_at_the_end(self):
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch)
            (folder / "peers.json").write_text("of before")
            evening = compare.Evening(compare.parse(["run", "--results", scratch]))
            evening.keep("rounds", 1, "redis", "unary", 1, self.REPORT)
            partial = json.loads((folder / "peers.partial.json").read_text())
            self.assertEqual(len(partial["runs"]), 1)
            self.assertEqual(partial["versions"]["redis"], "Redis 7")
            self.assertEqual((folder / "peers.json").read_text(), "of before")
            evening.finish()
            self.assertEqual([path.name for path in folder.iterdir()], ["peers.json"])


class Commit(unittest.TestCase):
    def test_each_kind_of_change_that_is_measured_is_marked(self):
        names = ("a/b.cc", "a/b.h", "p/q/r.proto", "deploy/s.yaml", "CMakeLists.txt",
                 "a/CMakeLists.txt", "cmake/t.cmake", "CMakePresets.json", "u.lua", "v.sql",
                 "w.conf")
        with tempfile.TemporaryDirectory() as scratch:
            root = pathlib.Path(scratch)

            def git(*words):
                compare.subprocess.run(
                    ["git", "-C", scratch, "-c", "user.name=a", "-c", "user.email=a@b.c", *words],
                    check=True, capture_output=True)

            for name in (*names, "README.md"):
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text("before")
            git("init", "-q")
            git("add", ".")
            git("commit", "-q", "-m", "all")
            clean = compare.commit(root)
            (root / "README.md").write_text("after")
            self.assertEqual(compare.commit(root), clean)
            for name in names:
                (root / name).write_text("after")
                self.assertEqual(compare.commit(root), clean + " with changes", name)
                (root / name).write_text("before")


class Growth(unittest.TestCase):
    def test_both_sizes_are_measured_in_each_round(self):
        self.assertEqual(compare.growth_sizes(compare.parse(["growth", "--payers", "5000000"])),
                         (1_000_000, 5_000_000))
        self.assertEqual(compare.growth_sizes(compare.parse(["growth"])), (1_000_000, 10_000_000))
        self.assertEqual(compare.growth_sizes(compare.parse(["growth", "--payers", "1000000"])),
                         (1_000_000,))

    def test_rounds_become_medians_with_the_commit_of_the_start(self):
        reports = [{"tips_per_second": rate, "server_cpu_us_per_tip": cpu, "rss_mb_peak": memory}
                   for rate, cpu, memory in ((5, 1.5, 70.0), (9, 1.0, 90.0), (6, 1.25, 80.0))]
        point = compare.growth_point(compare.parse(["growth"]), 10, reports, {"commit": "abc"})
        self.assertEqual(point, {"payers": 10, "active_payers": 10, "active_payers_max": 1_000_000, "mode": "batch", "batch": 1000,
                                 "rounds": 3, "tips_per_second": 6, "server_cpu_us_per_tip": 1.25, "rss_mb_peak": 90.0, "lowest": 5,
                                 "highest": 9, "commit": "abc"})

    def put(self, path, commit, active_payers, rate):
        """Keeps what a run says: a base of 1,000,000 payers, and 100,000,000."""
        options = compare.parse(["growth", "--payers", "100000000", "--active-payers", str(active_payers)])
        for payers in compare.growth_sizes(options):
            report = {"tips_per_second": rate, "server_cpu_us_per_tip": 2.0, "rss_mb_peak": 1900.0}
            facts = {"date": "D", "commit": commit, "command": "X"}
            results.put_json_line(path, compare.growth_point(options, payers, [report], facts), results.GROWTH_POINT)

    def test_a_run_replaces_the_base_of_none_but_its_like(self):
        with tempfile.TemporaryDirectory() as scratch:
            path = pathlib.Path(scratch) / "growth.jsonl"
            path.write_text('{"mode": "batch", "batch": 1000, "payers": 1000000, "active_payers": 1000000, "commit": "old"}\n')
            for commit, active_payers, rate in (("a", 1_000_000, 1), ("b", 1_000_000, 2), ("a", 100_000_000, 3), ("a", 1_000_000, 4)):
                self.put(path, commit, active_payers, rate)
            lines = results.growth_lines(results.load_json_lines(path))
            self.assertIn("old", path.read_text())
        self.assertEqual([[(one["commit"], one["active_payers"], one["tips_per_second"]) for one in line] for line in lines],
                         [[("a", 1_000_000, 4)] * 2, [("b", 1_000_000, 2)] * 2, [("a", 1_000_000, 3), ("a", 100_000_000, 3)]])

    def test_a_point_without_another_is_no_line(self):
        point = {"mode": "batch", "batch": 1000, "payers": 5, "active_payers": 5, "commit": "a"}
        self.assertEqual(results.growth_lines([point, {**point, "commit": "b"}]), [])
        self.assertEqual(len(results.growth_lines([point, {**point, "payers": 7}])), 1)

    def test_lines_say_how_many_tip(self):
        for counts, text in ((((1_000_000, 1_000_000), (100_000_000, 1_000_000)), "1 M payers tip"),
                             (((1_000_000, 500_000), (2_000_000, 500_000)), "500 k payers tip"),
                             (((1_000_000, 1_000_000), (100_000_000, 100_000_000)), "every payer tips"),
                             (((1_000_000, 1_000_000), (100_000_000, 10_000_000)), "at most 10 M payers tip")):
            self.assertEqual(page.who_tips([{"payers": payers, "active_payers": active} for payers, active in counts]), text)

    def test_the_page_compares_within_a_commit(self):
        with tempfile.TemporaryDirectory() as scratch:
            path = pathlib.Path(scratch) / "growth.jsonl"
            self.put(path, "a", 1_000_000, 200)
            self.put(path, "b", 100_000_000, 100)
            text = page.section(DATA, [], results.load_json_lines(path))
        self.assertIn("Tipgate alone, batch, 1,000 tips a message, 1 M payers tip, a, D; sizes in turns:\n\n    X\n", text)
        self.assertIn("| 100,000,000 | 1,000,000 | 200 (200 - 200) | 1.00 | 2.0 µs | 1,900 MB |", text)
        self.assertIn("1,000 tips a message, every payer tips, b, D", text)
        self.assertIn("| 100,000,000 | 100,000,000 | 100 (100 - 100) | 1.00 | 2.0 µs | 1,900 MB |", text)


class Restart(unittest.TestCase):
    def measure(self, options, scratch, starts, status=0):
        """Runs a stand-in for restart_benchmark that prints these seconds; returns what is kept."""
        lines = "".join(f'echo \'{{"payers": 7, "tail_tips": 2, "start": 1, "cpu_seconds": 1.0, '
                        f'"seconds_to_serving": {seconds}, "resident_bytes": 5}}\'\n'
                        for seconds in starts)
        program = pathlib.Path(scratch) / "restart_benchmark"
        program.write_text(f"#!/bin/sh\n{lines}exit {status}\n")
        program.chmod(0o755)
        options = restart.parse([*options, "--bin", scratch, "--results", scratch])
        say, compare.say = compare.say, lambda text: None
        try:
            restart.measure(options, 7, {"commit": "abc", "command": "./dev bench --restart"})
        finally:
            compare.say = say
            self.kept = results.load_json_lines(pathlib.Path(scratch) / "restart.jsonl")

    def test_the_median_of_some_starts_is_kept(self):
        with tempfile.TemporaryDirectory() as scratch:
            self.measure(["--starts", "3"], scratch, (3.0, 1.0, 2.5))
        self.assertEqual(self.kept, [{
            "payers": 7, "tail_tips": 2, "starts": 3, "seconds_to_serving": 2.5, "cpu_seconds": 1.0,
            "resident_bytes": 5, "lowest_seconds": 1.0, "highest_seconds": 3.0, "commit": "abc",
            "command": "./dev bench --restart"}])

    def test_starts_that_were_seen_are_kept_when_a_later_one_fails(self):
        with tempfile.TemporaryDirectory() as scratch:
            with self.assertRaisesRegex(SystemExit, "exit status 1, 1 starts"):
                self.measure(["--starts", "3"], scratch, (3.0,), status=1)
        self.assertEqual([one["starts"] for one in self.kept], [1])

    def test_sizes_are_one_and_ten_million_unless_others_are_asked_for(self):
        self.assertEqual(restart.parse([]).payers, (1_000_000, 10_000_000))
        self.assertEqual(restart.parse(["--payers", "100000000"]).payers, (100_000_000,))


class Children(unittest.TestCase):
    def test_one_that_does_not_end_when_asked_is_killed(self):
        with children.subprocess.Popen(["/bin/sh", "-c", "trap '' TERM; echo; while :; do sleep 0.1; "
                                        "done"], stdout=children.subprocess.PIPE) as child:
            child.stdout.readline()
            children.stop(child, seconds=0.1)
            self.assertEqual(child.returncode, -9)

    def test_one_is_over_when_its_block_is_left(self):
        with self.assertRaises(KeyboardInterrupt):
            with children.running(["/bin/sleep", "60"]) as child:
                raise KeyboardInterrupt
        self.assertEqual(child.returncode, -15)


def overload_report(rate, goodput, **fields):
    return {"rate": rate, "seconds": 10, "tips_per_second": goodput, "p50_us": 1000.0, "p99_us": 2000.0, "unsent": 0, "overloaded": 0,
            "expired": 0, "unheard": 0, "rss_mb_peak": 100.0, **fields}


class Overload(unittest.TestCase):
    def test_a_point_is_the_median_of_its_rounds(self):
        reports = [overload_report(1000, 900, overloaded=1000), overload_report(1000, 500, rss_mb_peak=200.0),
                   overload_report(1000, 800, overloaded=2000, unsent=1000)]
        one = overload.point(50, 100, 2, 500, reports)
        self.assertEqual((one["goodput"], one["lowest"], one["highest"]), (800, 500, 900))
        self.assertEqual((one["overloaded"], one["offered"], one["rss_mb_peak"]), (0.1, 1000, 200.0))

    def test_there_is_a_place_for_every_call_until_its_deadline(self):
        words = overload.open_loop(overload.parse(["run", "--batch", "50", "--deadline-ms", "100"]), 2_500_000)
        places = int(words[words.index("--in-flight") + 1])
        self.assertGreater(places, 2_500_000 // 50 // 10)

    def test_the_page_says_how_much_is_left_at_three_times_the_capacity(self):
        line = [{**overload.point(50, 100, load, 500, [overload_report(500 * load, goodput)]), "date": "D", "commit": "C", "command": "X"}
                for load, goodput in ((1, 500), (3, 460))]
        self.assertIn("92% of the peak of 500", overload.verdict(line))
        text = overload.section(line)
        self.assertIn("50 tips a call: D, Tipgate at C; medians of 1 rounds.\n\n    X\n", text)
        self.assertIn("| 50 | 100 ms | 3 x | 1,500 | 460 (460 - 460)", text)
        self.assertIn("images/overload.svg", text)

    def written(self, points):
        """The page after its section was written from these points, without drawing."""
        with tempfile.TemporaryDirectory() as scratch:
            path = pathlib.Path(scratch) / "page.md"
            path.write_text(f"before\n{overload.BEGIN}\n{overload.END}\nafter\n")
            for one in points:
                results.put_json_line(path.with_name("overload.jsonl"), one, overload.POINT)
            options = overload.parse(["page", "--results", scratch, "--page", str(path)])
            with unittest.mock.patch.dict(sys.modules, plots=unittest.mock.Mock()), unittest.mock.patch.object(compare, "say"):
                overload.write_page(options)
            return path.read_text()

    def test_its_section_is_written_where_there_are_results(self):
        self.assertEqual(self.written([]), f"before\n{overload.BEGIN}\n{overload.END}\nafter\n")
        points = [{**overload.point(batch, 100, 3, 500, [overload_report(1500, 460)]), "date": "D", "commit": f"of {batch}", "command": "X"}
                  for batch in (50, 1000)]
        text = self.written(points)
        self.assertTrue(text.startswith(f"before\n{overload.BEGIN}\n\n50 tips a call: D, Tipgate at of 50;"), text)
        self.assertIn("1,000 tips a call: D, Tipgate at of 1000;", text)
        self.assertTrue(text.endswith(f"\n{overload.END}\nafter\n"), text)

    def test_our_page_has_its_marks(self):
        page.replaced((ROOT / "docs/benchmarks.md").read_text(), "", overload.BEGIN, overload.END)


if __name__ == "__main__":
    unittest.main()
