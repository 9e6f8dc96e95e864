"""Programs that are measured, none of which outlives us."""

import contextlib
import signal
import subprocess

STOP_SECONDS = 120


def interrupt(*_):
    raise KeyboardInterrupt


def catch_interrupts():
    """From now on SIGTERM is told as Ctrl-C is."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)


def stop(child, seconds=STOP_SECONDS):
    """Asks a program to end, so that it stops its servers and removes its folders; kills it if it
    does not. Its servers go with it either way."""
    if child.poll() is not None:
        return
    child.terminate()
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


@contextlib.contextmanager
def running(words, **options):
    """Starts a program. However the block is left, it has ended then."""
    child = subprocess.Popen(words, stdin=subprocess.DEVNULL, **options)
    try:
        yield child
    finally:
        if child.poll() is None:
            # A second Ctrl-C shall not leave it behind.
            before = [(number, signal.signal(number, signal.SIG_IGN))
                      for number in (signal.SIGINT, signal.SIGTERM)]
            stop(child)
            for number, handler in before:
                signal.signal(number, handler)
        if child.stdout:
            child.stdout.close()
