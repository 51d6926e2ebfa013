"""Runs the sink and kills it, with its JVM, at a point: `killed_sink.py <point> <arguments of the sink>`.

A point is `before:<function>:<n>` or `after:<function>:<n>`: the nth call of a function of the sink, from 1.
"""

import os
import signal
import sys

sys.path.insert(0, os.environ["PYTHONPATH"])
import sink  # noqa: E402


def killed(when, count, function):
    calls = [0]

    def call(*arguments):
        calls[0] += 1
        if calls[0] == count and when == "before":
            os.killpg(0, signal.SIGKILL)
        result = function(*arguments)
        if calls[0] == count and when == "after":
            os.killpg(0, signal.SIGKILL)
        return result

    return call


when, name, count = sys.argv[1].split(":")
owner, _, attribute = name.rpartition(".")
place = getattr(sink, owner) if owner else sink
setattr(place, attribute, killed(when, int(count), getattr(place, attribute)))
sys.exit(sink.main(sys.argv[2:]))
