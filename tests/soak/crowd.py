"""Who calls the gate during a soak: steady callers, and those who come, break off and die."""

import random
import socket
import subprocess
import threading

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0"
# Of each payer of the steady load. The gate remembers the last 64 tips of an hour of each: at this
# pace that memory is full after five minutes.
SECONDS_BETWEEN_TIPS = 5
# How long somebody stays who is not the steady load.
VISIT_SECONDS = 4
MODES = (("unary", 1), ("batch", 20), ("stream", 200))


class Crowd:
    """Threads that go on until `stop`; what they did is counted in `counts`."""

    def __init__(self, gate, binaries, rate, seconds, seed):
        self.gate = gate
        self.binaries = binaries
        self.random = random.Random(seed)
        self.over = threading.Event()
        self.counts = {"visits": 0, "killed": 0, "silent": 0, "watchers": 0, "broken": 0}
        payers = max(100, rate * SECONDS_BETWEEN_TIPS)
        self.steady = self.tipbench("batch", 50, rate, seconds, "--payers", str(payers),
                                    "--sessions", "500", "--deadline", "1s", "--repeat-permille",
                                    "20", "--in-flight", "512")
        self.threads = [threading.Thread(target=work) for work in
                        (self.visit, self.watch, self.be_silent)]
        for thread in self.threads:
            thread.start()

    def tipbench(self, mode, batch, rate, seconds, *more):
        with open(self.gate.folder / "crowd.log", "ab") as log:
            return subprocess.Popen(
                [self.binaries / "tipbench", "--target", self.gate.target, "--gifts",
                 f"{self.gate.deploy}/gifts.yaml", "--policy", f"{self.gate.deploy}/policy.yaml",
                 "--mode", mode, "--batch", str(batch), "--rate", str(rate), "--seconds",
                 str(seconds), "--warmup", "0", *more],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def visit(self):
        """Callers with connections of their own come and go; every other dies in the middle."""
        while not self.over.wait(1):
            mode, batch = MODES[self.counts["visits"] % len(MODES)]
            guest = self.tipbench(mode, batch, 500, VISIT_SECONDS, "--payers", "500", "--sessions",
                                  "5", "--connections", "16", "--in-flight", "64")
            self.counts["visits"] += 1
            if self.counts["visits"] % 2 == 0:
                self.over.wait(self.random.uniform(0, VISIT_SECONDS))
                guest.kill()
                self.counts["killed"] += 1
            elif self.wait(guest) != 0:
                self.counts["broken"] += 1
            guest.wait()

    @staticmethod
    def wait(guest):
        try:
            return guest.wait(120)
        except subprocess.TimeoutExpired:
            guest.kill()
            return guest.wait()

    def watch(self):
        """Watchers of events that die."""
        while not self.over.is_set():
            watcher = subprocess.Popen(
                [self.binaries / "tipctl", "--target", self.gate.target, "--json", "watch"],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            self.counts["watchers"] += 1
            self.over.wait(self.random.uniform(1, 10))
            watcher.kill()
            watcher.wait()

    def be_silent(self):
        """Connections that say nothing, or nothing after their greeting: the gate is to end them,
        after 10 s and after 68 s."""
        host, port = self.gate.target.rsplit(":", 1)
        while not self.over.is_set():
            silent = []
            for number in range(40):
                one = socket.create_connection((host, int(port)), timeout=20)
                if number % 2:
                    one.sendall(PREFACE)
                silent.append(one)
                self.counts["silent"] += 1
            self.over.wait(90)
            for one in silent:
                one.close()

    def stop(self):
        """The status of the steady load."""
        self.over.set()
        for thread in self.threads:
            thread.join()
        return self.wait(self.steady)
