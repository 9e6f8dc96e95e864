"""What the runs of a comparison say together: medians, spreads, ratios.

Pure functions, but for reading and writing files.
"""

import json
import pathlib
import statistics

SYSTEMS = ("tipgate", "redis", "postgres", "naive")
NAMES = {"tipgate": "Tipgate", "redis": "Redis", "postgres": "PostgreSQL", "naive": "naive floor"}
MEDIANS = ("p50_us", "p99_us", "server_cpu_us_per_tip")
# Points of growth that are alike in these may be compared: each run measures its base anew, in turns
# with the payers that it asks about.
GROWTH_RUN = ("mode", "batch", "active_payers_max", "commit")
GROWTH_POINT = (*GROWTH_RUN, "payers")


def load_json_lines(path):
    """The objects of a file with one a line; none if there is no file."""
    path = pathlib.Path(path)
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]


def write_whole(path, text):
    """Makes this all that the file holds, at once: whoever is interrupted leaves no half file."""
    path = pathlib.Path(path)
    unfinished = path.with_name(path.name + ".tmp")
    unfinished.write_text(text)
    unfinished.replace(path)


def put_json_line(path, point, names):
    """Adds a point to the file, in place of one that is alike in these fields."""
    def key(one):
        return tuple(one.get(name) for name in names)

    points = [one for one in load_json_lines(path) if key(one) != key(point)] + [point]
    points.sort(key=lambda one: [(part is not None, isinstance(part, str), part)
                                 for part in key(one)])
    write_whole(path, "".join(json.dumps(one) + "\n" for one in points))


def merge(runs, part):
    """One entry for each system, mode and batch of the runs of this part, as they first came."""
    groups = {}
    for run in runs:
        if run["part"] == part:
            groups.setdefault((run["system"], run["mode"], run["batch"]), []).append(run["report"])
    merged = []
    for (system, mode, batch), reports in groups.items():
        rates = [report["tips_per_second"] for report in reports]
        entry = {"system": system, "mode": mode, "batch": batch, "rounds": len(reports),
                 "in_flight": reports[0]["in_flight"], "tips_per_second": statistics.median(rates),
                 "lowest": min(rates), "highest": max(rates),
                 "errors": sum(report["errors"] for report in reports),
                 "rejected": sum(report["rejected"] for report in reports)}
        for name in MEDIANS:
            known = [report[name] for report in reports if report.get(name) is not None]
            entry[name] = statistics.median(known) if known else None
        merged.append(entry)
    return merged


def capacity(runs):
    """The tips a second of the closed loop that the loads of the open loop are parts of."""
    return int(statistics.median(run["report"]["tips_per_second"] for run in runs
                                 if run["part"] == "capacity"))


def latency_points(data):
    """One point for each rate of the open loop: medians, and the most that was never sent."""
    by_rate = {}
    for run in data["runs"]:
        if run["part"] == "latency":
            by_rate.setdefault(run["report"]["rate"], []).append(run["report"])
    points = []
    for rate, reports in sorted(by_rate.items()):
        point = {name: statistics.median(report[name] for report in reports)
                 for name in ("tips_per_second", "p50_us", "p99_us", "p999_us")}
        points.append({**point, "rate": rate, "load": rate / data["capacity"],
                       "batch": reports[0]["batch"], "rounds": len(reports),
                       "unsent": max(report["unsent"] for report in reports)})
    return points


def growth_lines(points):
    """The points that may be compared, fewest payers first; one alone shows no growth."""
    lines = {}
    for one in points:
        # The first points do not say how many were to tip, only how many did.
        one = {"active_payers_max": one["active_payers"], **one}
        lines.setdefault(tuple(one[name] for name in GROWTH_RUN), []).append(one)
    return [sorted(line, key=lambda one: one["payers"])
            for _, line in sorted(lines.items()) if len(line) > 1]


def find(merged, system, mode, batch):
    """The entry, or None."""
    for entry in merged:
        if (entry["system"], entry["mode"], entry["batch"]) == (system, mode, batch):
            return entry
    return None


def opponents(merged, ours):
    """The entries of other systems with as many tips a call, to which a stream is compared, too."""
    return [entry for entry in merged
            if entry["system"] != "tipgate" and entry["batch"] == ours["batch"]]


def verdicts(merged):
    """Each (ours, theirs, what, our value, their value) that can be compared.

    Less is better, but for tips/s.
    """
    found = []
    for ours in merged:
        if ours["system"] != "tipgate":
            continue
        for theirs in opponents(merged, ours):
            for what in ("tips_per_second", *MEDIANS):
                if ours[what] is not None and theirs[what] is not None:
                    found.append((ours, theirs, what, ours[what], theirs[what]))
    return found


def is_won(what, our_value, their_value):
    return our_value >= their_value if what == "tips_per_second" else our_value <= their_value
