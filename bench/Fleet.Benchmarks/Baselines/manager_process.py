"""Runs programs one after the other, each in a process of its own with a manager beside it for the verdict, unsandboxed.

The way of ROLL's local code evaluation: a manager process and a worker process are started for each program; the worker
executes a prefix of imports and the program, and appends its verdict to the manager's list. What the reference's module
imports is imported here too, before the clock of a sample starts.
"""
import contextlib
import io
import json
import multiprocessing
import os
import signal
import sys
import tempfile

import ast, bisect, collections, copy, datetime, decimal, faulthandler, functools, heapq, itertools, math, operator  # noqa: E401, F401
import platform, queue, random, re, shutil, statistics, string, subprocess, time, traceback, typing, unittest.mock  # noqa: E401, F401
try:
    import numpy  # noqa: F401
except ImportError:
    pass

MODULES = 'string re datetime collections heapq bisect copy math random statistics itertools functools operator io sys json'.split()
PREFIX = '\n'.join(['from %s import *' % name for name in [*MODULES, 'builtins', 'typing']]
                   + ['import %s' % name for name in MODULES]
                   + ['from typing import List, Dict, Any, Optional, Tuple', 'from math import inf', 'sys.setrecursionlimit(600000)', ''])


def out_of_time(*_):
    raise TimeoutError


def execute(program, timeout, verdicts):
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                signal.signal(signal.SIGALRM, out_of_time)
                signal.setitimer(signal.ITIMER_REAL, timeout)
                exec(PREFIX + program, {})
                signal.setitimer(signal.ITIMER_REAL, 0)
            verdicts.append('passed')
        except BaseException as error:
            verdicts.append('failed: %s' % error)
        os.chdir('/')


def judge(program, timeout=20):
    manager = multiprocessing.Manager()
    verdicts = manager.list()
    process = multiprocessing.Process(target=execute, args=(program, timeout, verdicts))
    process.start()
    process.join(timeout + 1)
    if process.is_alive():
        process.kill()
    return list(verdicts) or ['timed out']


if __name__ == '__main__':
    programs = json.loads(sys.stdin.readline())
    started = time.monotonic()
    for program in programs:
        assert judge(program) == ['passed']
    print(time.monotonic() - started)
