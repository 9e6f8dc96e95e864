#!/usr/bin/env python3
"""Whether the soak finds what grows, and nothing else. Usage: soak_test.py"""

import pathlib
import random
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import flat  # noqa: E402

MINUTES = 30


def samples(value_at):
    return [(second, value_at(second)) for second in range(60 * MINUTES)]


class Flat(unittest.TestCase):
    def test_what_stays_is_flat(self):
        self.assertTrue(flat.is_flat(flat.trend(samples(lambda second: 400.0))))

    def test_caches_may_fill_in_the_first_third(self):
        found = flat.trend(samples(lambda second: min(500.0, 100.0 + second)))
        self.assertTrue(flat.is_flat(found), found)

    def test_a_saw_and_noise_are_flat(self):
        noise = random.Random(7)
        found = flat.trend(samples(lambda second: 400 + second % 60 + noise.uniform(-30, 30)))
        self.assertTrue(flat.is_flat(found), found)

    def test_a_slow_leak_is_found_under_noise(self):
        noise = random.Random(7)
        found = flat.trend(samples(lambda second: 400 + second / 40 + noise.uniform(-30, 30)))
        self.assertFalse(flat.is_flat(found), found)
        self.assertAlmostEqual(found["growth"], 30, delta=5)

    def test_what_shrinks_is_no_leak(self):
        self.assertTrue(flat.is_flat(flat.trend(samples(lambda second: 1000 - second / 10))))

    def test_few_descriptors_more_are_no_leak_and_many_are(self):
        few = flat.trend(samples(lambda second: 20 + second // 600))
        many = flat.trend(samples(lambda second: 20 + second // 60))
        self.assertTrue(flat.is_flat(few, slack=8))
        self.assertFalse(flat.is_flat(many, slack=8))

    def test_no_samples_have_no_trend(self):
        self.assertEqual(flat.trend([])["growth"], 0)
        self.assertEqual(flat.trend([(0, 5.0)])["growth"], 0)


if __name__ == "__main__":
    unittest.main()
