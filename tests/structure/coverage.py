#!/usr/bin/env python3
"""Which code and which tests each rule has: makes docs/coverage.md, and fails where a rule has none.

Usage: coverage.py [--root DIR] [--write]

The rules are the rows "| ID | CODE | ..." of docs/rules.md. A rule's code is what names it in a comment, in core/ or
server/ ("// T7", "// Rules T15, O1: ..."); its second implementation the same in tests/oracle/. Its tests are those
whose names, or whose suites' names, begin with it: T7..., or T15AndO1... for several. Unit tests stand in tests/core and
tests/server.

Exit status: 0 all is well, 1 a rule lacks something or the page is old, each on a line of its own, 2 wrong options.
"""

import argparse
import collections
import pathlib
import re
import sys

PAGE = "docs/coverage.md"
ROW = re.compile(r"^\| ([A-Z]\d+) \| ([A-Z_]*) ?\|", re.M)
ID = re.compile(r"\b[A-Z]\d+\b")
COMMENT = re.compile(r"//(.*)")
TEST = re.compile(r"^TEST(?:_F|_P)?\((\w+),\s*(\w+)\)", re.M)
# The ids that a name begins with; what follows the last one is a capital that begins a word.
TEST_IDS = re.compile(r"^[A-Z]\d+(?:And[A-Z]\d+)*(?=[A-Z])")
CODE_OF_CORE = re.compile(r"^\s+k(\w+) = \d+,", re.M)
TEXT = re.compile(r"\.code = v1::REJECTION_CODE_(\w+),\s*\.rule_ids = \"([^\"]*)\"")

HEAD = """# Which code and which tests each rule has

Made by `./dev docs`, and compared by the test `Coverage`, which also fails if a rule of [rules.md](rules.md) has no code, no unit test, or neither
a test against the real server nor a place in the second implementation. Numbers count tests whose names begin with the rule.
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


def marked_files(root, folder, rules):
    """For each rule the files of the folder with a comment that names it."""
    found = collections.defaultdict(list)
    for path in sources(root, folder):
        name = path.relative_to(root).as_posix()
        comments = COMMENT.findall(path.read_text())
        for rule in {i for comment in comments for i in ID.findall(comment)} & rules.keys():
            found[rule].append(name)
    return found


def tests_of(root, folder):
    """For each rule a count of tests by file; also every id that a test's name begins with, and where."""
    found = collections.defaultdict(collections.Counter)
    for path in sources(root, folder, (".cc",)):
        for names in TEST.findall(path.read_text()):
            ids = [TEST_IDS.match(name) for name in names]
            for rule in {rule for match in ids if match for rule in match.group().split("And")}:
                found[rule][path.relative_to(root).as_posix()] += 1
    return found


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


def main():
    parser = argparse.ArgumentParser(description="Which code and which tests each rule has.")
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[2])
    parser.add_argument("--write", action="store_true", help="write docs/coverage.md")
    options = parser.parse_args()
    root = options.root

    rules = rules_of(root)
    code = marked_files(root, "core", rules)
    for rule, names in marked_files(root, "server", rules).items():
        code[rule] += names
    oracle = marked_files(root, "tests/oracle", rules)
    unit = tests_of(root, "tests/core")
    for rule, counts in tests_of(root, "tests/server").items():
        unit[rule] += counts
    integration = tests_of(root, "tests/integration")

    page = HEAD
    faults = [] if rules else ["docs/rules.md: no rules found"]
    for rule, name in rules.items():
        page += (f"| {rule} | {name} | {file_text(code[rule])} | {count_text(unit[rule])} |"
                 f" {count_text(integration[rule])} | {file_text(oracle[rule])} |\n")
        if not code[rule]:
            faults.append(f"{rule}: no code names it in a comment")
        if not unit[rule]:
            faults.append(f"{rule}: no unit test's name begins with it")
        if not integration[rule] and not oracle[rule]:
            faults.append(f"{rule}: neither a test against the server nor the oracle has it")
    for rule in sorted((unit.keys() | integration.keys()) - rules.keys()):
        if unit[rule] or integration[rule]:
            faults.append(f"{rule}: tests begin with it, but docs/rules.md has no such rule")
    faults += code_faults(root, rules)

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
