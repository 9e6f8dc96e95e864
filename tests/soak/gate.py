"""A real gate for a soak, and what the system and its metrics say of it."""

import json
import os
import pathlib
import re
import subprocess
import time
import urllib.request

READY_SECONDS = 60
# Caches that fill within minutes, so that what grows after that is a leak.
CONFIG = """\
listen_address: 127.0.0.1:0
metrics_address: 127.0.0.1:0
data_dir: data
policy_file: {deploy}/policy.yaml
gifts_file: {deploy}/gifts.yaml
block_cache_bytes: 33554432
key_filter_bytes: 33554432
"""


class Gate:
    """A process that ends with `stop`."""

    def __init__(self, binaries, deploy, folder):
        self.folder = pathlib.Path(folder)
        self.deploy = deploy
        config = self.folder / "config.yaml"
        config.write_text(CONFIG.format(deploy=deploy))
        ready = self.folder / "ready.json"
        with open(self.folder / "gate.log", "wb") as log:
            self.process = subprocess.Popen(
                [binaries / "tipgate", "--config", config, "--ready-file", ready],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        end = time.monotonic() + READY_SECONDS
        while not ready.exists():
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"the gate did not start:\n{self.log()}")
            time.sleep(0.05)
        said = json.loads(ready.read_text())
        self.target, self.metrics_address = said["listen_address"], said["metrics_address"]

    @property
    def pid(self):
        return self.process.pid

    def log(self):
        return (self.folder / "gate.log").read_text(errors="replace")[-2000:]

    def resident_mb(self):
        text = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) / 1000

    def descriptors(self):
        """How many are sockets, and how many are anything else."""
        sockets = others = 0
        for entry in os.scandir(f"/proc/{self.pid}/fd"):
            try:
                is_socket = os.readlink(entry.path).startswith("socket:")
            except OSError:
                continue
            sockets += is_socket
            others += not is_socket
        return sockets, others

    def metric(self, name):
        with urllib.request.urlopen(f"http://{self.metrics_address}/metrics", timeout=20) as page:
            text = page.read().decode()
        return sum(float(value) for value in
                   re.findall(rf"^{name}(?:\{{.*\}})? (\S+)$", text, re.MULTILINE))

    def stop(self):
        """Its exit status."""
        self.process.terminate()
        try:
            return self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()
