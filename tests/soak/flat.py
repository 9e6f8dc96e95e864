"""Whether a series of samples is flat: what a soak asks of memory and descriptors."""

import statistics


def slope(times, values):
    """Of the straight line that fits best, per unit of time."""
    if len(set(times)) < 2:
        return 0.0
    return statistics.linear_regression(times, values).slope


def last_part(samples, part=2 / 3):
    """What came after the beginning, in which caches fill."""
    return samples[len(samples) - int(len(samples) * part):]


def trend(samples):
    """`samples`: (time, value). By how much the value grows over the last two thirds, by the line
    that fits best, and its mean there."""
    late = last_part(samples)
    if not late:
        return {"mean": 0.0, "growth": 0.0}
    times, values = zip(*late)
    return {"mean": statistics.fmean(values),
            "growth": slope(times, values) * (times[-1] - times[0])}


def is_flat(found, part=0.05, slack=0.0):
    """Grows by no more than this part of itself, or than `slack`."""
    return found["growth"] <= max(part * found["mean"], slack)
