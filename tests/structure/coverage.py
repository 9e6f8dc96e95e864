#!/usr/bin/env python3
"""Which code and which tests each rule has: makes docs/coverage.md, and fails where a rule has none.

Usage: coverage.py [--root DIR] [--write] BINARY...

The rules are the rows "| ID | CODE | ..." of docs/rules.md, all of tests/structure/rules.txt and no others. A rule's code is
what names it in a comment, in core/ or server/ ("// T7", "// Rules T15, O1: ..."); its second implementation the same in
tests/oracle/. Its tests are those whose names, or whose suites' names, begin with it: T7..., or T15AndO1... for several.
Only tests count that the binaries list, and whose bodies expect something and do not skip themselves. Unit tests stand in
tests/core and tests/server.

Exit status: 0 all is well, 1 a rule lacks something or the page is old, each on a line of its own, 2 wrong options.
"""

import argparse
import collections
import json
import pathlib
import re
import subprocess
import sys
import tempfile

PAGE = "docs/coverage.md"
LIST = "tests/structure/rules.txt"
RANGE = re.compile(r"^([A-Z])(\d+)-\1(\d+)$", re.M)
ROW = re.compile(r"^\| ([A-Z]\d+) \| ([A-Z_]*) ?\|", re.M)
ID = re.compile(r"\b[A-Z]\d+\b")
COMMENT = re.compile(r"//(.*)")
# The ids that a name begins with; what follows the last one is a capital that begins a word.
TEST_IDS = re.compile(r"^[A-Z]\d+(?:And[A-Z]\d+)*(?=[A-Z])")
EXPECTS = re.compile(r"expect|assert", re.I)
# A test that may be left out is no proof.
SKIPS = re.compile(r"GTEST_SKIP|^\s*#\s*if", re.M)
CODE_OF_CORE = re.compile(r"^\s+k(\w+) = \d+,", re.M)
TEXT = re.compile(r"\.code = v1::REJECTION_CODE_(\w+),\s*\.rule_ids = \"([^\"]*)\"")

HEAD = """# Which code and which tests each rule has

Made by `./dev docs`, and compared by the test `Coverage`, which also fails if a rule of [rules.md](rules.md) has no code, no unit test, or neither
a test against the real server nor a place in the second implementation. Numbers count tests whose names begin with the rule, as the test
binaries list them; a test that expects nothing or may be skipped is none.
The second implementation, `tests/oracle`, is compared with the core by the differential test ([testing.md](testing.md)).

| rule | code | implemented in | unit tests | against the server | second implementation |
| --- | --- | --- | --- | --- | --- |
"""


def sources(root, folder, suffixes=(".cc", ".h")):
    """The files of a folder of the tree, in order."""
    return sorted(p for p in (root / folder).rglob("*") if p.suffix in suffixes)


def rules_of(root):
    """Each rule's id and code, in the order of the document."""
    return dict(ROW.findall((root / "docs/rules.md").read_text()))


def listed_rules(root):
    """The ids that there must be."""
    ranges = RANGE.findall((root / LIST).read_text())
    return [f"{letter}{number}" for letter, first, last in ranges for number in range(int(first), int(last) + 1)]


def marked_files(root, folder, rules):
    """For each rule the files of the folder with a comment that names it."""
    found = collections.defaultdict(list)
    for path in sources(root, folder):
        name = path.relative_to(root).as_posix()
        comments = COMMENT.findall(path.read_text())
        for rule in {i for comment in comments for i in ID.findall(comment)} & rules.keys():
            found[rule].append(name)
    return found


def tests_in(binary):
    """Suite, name, file and line of each test that was built in, the file's name as of the root."""
    with tempfile.TemporaryDirectory() as scratch:
        listing = pathlib.Path(scratch) / "tests.json"
        subprocess.run([binary, "--gtest_list_tests", f"--gtest_output=json:{listing}"], check=True, stdout=subprocess.DEVNULL)
        for suite in json.loads(listing.read_text())["testsuites"]:
            for test in suite["testsuite"]:
                file = "tests/" + test["file"].rpartition("tests/")[2]
                yield suite["name"].split("/")[-1], test["name"].split("/")[0], file, test["line"]


def body_of(lines, line):
    """A test's body without comments; the test begins in this line, from 1, and ends with a brace at a line's begin or its own end."""
    last = line
    if not lines[line - 1].endswith("}"):
        last = next((i for i in range(line, len(lines)) if lines[i].startswith("}")), len(lines))
    return COMMENT.sub("", "\n".join(lines[line - 1:last])).partition("{")[2]


class Tests:
    """For each rule, and each other id that a test's name begins with, a count of tests by file."""

    def __init__(self, root, binaries):
        self.unit = collections.defaultdict(collections.Counter)
        self.integration = collections.defaultdict(collections.Counter)
        self.faults = []
        for suite, name, file, line in sorted({test for binary in binaries for test in tests_in(binary)}):
            ids = {rule for match in map(TEST_IDS.match, (suite, name)) if match for rule in match.group().split("And")}
            if ids and "DISABLED_" not in suite + name and self.is_proof(root, name, file, line):
                self.count(ids, file)

    def is_proof(self, root, name, file, line):
        lines = (root / file).read_text().splitlines() if (root / file).exists() else []
        if not any(name in text for text in lines[line - 1:line + 1]):
            self.faults.append(f"{file}:{line}: has no test {name}, but a binary has; build first")
            return False
        body = body_of(lines, line)
        if SKIPS.search(body) or not EXPECTS.search(body):
            self.faults.append(f"{file}:{line}: the test {name} expects nothing, or may be skipped")
            return False
        return True

    def count(self, ids, file):
        found = self.integration if file.startswith("tests/integration/") else self.unit
        for rule in ids if file.startswith(("tests/core/", "tests/server/", "tests/integration/")) else ():
            found[rule][file] += 1


def file_text(names):
    return ", ".join(names) or "-"


def count_text(counts):
    if not counts:
        return "-"
    return f"{sum(counts.values())}: " + ", ".join(pathlib.PurePath(name).name for name in sorted(counts))


def core_code_name(name):
    """DAY_LIMIT for kDayLimit's DayLimit."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper()


def codes_of_core(root):
    """The codes that the core can give."""
    text = (root / "core/decision.h").read_text()
    body = re.search(r"enum class RejectionCode[^{]*\{(.*?)\};", text, re.S).group(1)
    return [core_code_name(name) for name in CODE_OF_CORE.findall(body)]


def texts_of(root):
    """The rule ids that server/rejection_texts.cc gives for each code."""
    return {code: ids.split() for code, ids in TEXT.findall((root / "server/rejection_texts.cc").read_text())}


def code_faults(root, rules):
    """Codes of the core without a rule, and ids that the texts and the rules do not tell alike."""
    texts = texts_of(root)
    for code in codes_of_core(root):
        if code not in rules.values():
            yield f"{code}: docs/rules.md has no rule with this code"
        for rule in texts.get(code, []):
            if rules.get(rule) != code:
                yield f"{code}: its text names {rule}, which docs/rules.md does not give this code"
    for rule, code in rules.items():
        if code and rule not in texts.get(code, []):
            yield f"{rule}: server/rejection_texts.cc does not name it for {code}"


def row_faults(root, rules):
    """Rules that docs/rules.md has lost, or has without being listed."""
    listed = listed_rules(root)
    for rule in listed:
        if rule not in rules:
            yield f"{rule}: docs/rules.md has lost it"
    for rule in rules:
        if rule not in listed:
            yield f"{rule}: {LIST} does not list it"


def rule_faults(rules, code, oracle, tests):
    """What a rule lacks, and ids of tests that are no rule."""
    for rule in rules:
        if not code[rule]:
            yield f"{rule}: no code names it in a comment"
        if not tests.unit[rule]:
            yield f"{rule}: no unit test's name begins with it"
        if not tests.integration[rule] and not oracle[rule]:
            yield f"{rule}: neither a test against the server nor the oracle has it"
    for rule in sorted((tests.unit.keys() | tests.integration.keys()) - rules.keys()):
        yield f"{rule}: tests begin with it, but docs/rules.md has no such rule"


def page_text(rules, code, oracle, tests):
    return HEAD + "".join(
        f"| {rule} | {name} | {file_text(code[rule])} | {count_text(tests.unit[rule])} |"
        f" {count_text(tests.integration[rule])} | {file_text(oracle[rule])} |\n" for rule, name in rules.items())


def main():
    parser = argparse.ArgumentParser(description="Which code and which tests each rule has.")
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[2])
    parser.add_argument("--write", action="store_true", help="write docs/coverage.md")
    parser.add_argument("binaries", nargs="+", metavar="BINARY", help="a binary of tests")
    options = parser.parse_args()
    root = options.root

    rules = rules_of(root)
    code = marked_files(root, "core", rules)
    for rule, names in marked_files(root, "server", rules).items():
        code[rule] += names
    oracle = marked_files(root, "tests/oracle", rules)
    tests = Tests(root, options.binaries)

    page = page_text(rules, code, oracle, tests)
    faults = [*row_faults(root, rules), *tests.faults, *rule_faults(rules, code, oracle, tests), *code_faults(root, rules)]
    path = root / PAGE
    if options.write:
        path.write_text(page)
    elif not path.exists() or path.read_text() != page:
        faults.append(f"{PAGE}: is old; run ./dev docs")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
