"""Process 1 of a slot: forks a handler for each run, keeps its time, and leaves nothing of it behind.

It never reads a request itself, so its memory, which every run inherits, holds nothing of the runs before.
"""
import gc
import os
import select
import signal
import struct
import sys
import time

from fleet_runner import clock, handler, programs, rights
from fleet_runner.channel import Channel

# What most programs and tests import, loaded once and inherited by every fork. What is large and rare, like numpy, would
# cost every fork more than it saves a few; so would random and threading, which do things in every fork.
PRELOADED = 'bisect collections collections.abc copy datetime functools heapq io itertools json math operator re string typing'.split()

# What process 1 needs to know of a run: its number, the seconds it may take, and whether process 1 keeps that time.
ORDER = struct.Struct('<QdB')
POLLRDHUP = 0x2000


def main(incoming, outgoing, first_uid, uids):
    rights.dumpable(False)
    rights.limit_all()
    os.umask(0o022)
    os.chdir('/tmp')
    programs.standard_streams()
    os.environ.clear()
    os.environ.update(PATH='/usr/local/bin:/usr/bin:/bin', HOME='/tmp', LANG='C.UTF-8', PYTHONHASHSEED='0',
                      OMP_NUM_THREADS='1', OPENBLAS_NUM_THREADS='1', PYTHONDONTWRITEBYTECODE='1')
    for name in PRELOADED:
        __import__(name)
    channel = Channel(incoming, outgoing)
    counters = Counters()
    used = _inodes()
    gc.collect()
    gc.freeze()
    gc.disable()
    channel.send({'slot': 'ready', 'python': sys.version.split()[0]})
    runs = 0
    while _awaits_order(incoming):
        number, seconds, keeps_time = ORDER.unpack(channel.read(ORDER.size))
        # Two uids a run, solution and tester, that no run before has had for a long time.
        uid = first_uid + 2 * (runs % (uids // 2))
        runs += 1
        child = os.fork()
        if child == 0:
            try:
                handler.main(channel, uid, number)
            finally:
                os._exit(1)
        limit, lasted = _wait(child, incoming, seconds, keeps_time)
        peak, status = _kill_all(child)
        _wipe()
        if limit:
            channel.send({'run': number, 'limit': limit, 'seconds': lasted})
            status = 0
        channel.send({'slot': 'clean', 'handler': status, 'seconds': lasted, 'peak': peak,
                      'dirty': _inodes() != used, **counters.since_last()})


def _awaits_order(incoming):
    poll = select.poll()
    poll.register(incoming, select.POLLIN | POLLRDHUP)
    return bool(poll.poll()[0][1] & select.POLLIN)


def _wait(child, incoming, seconds, keeps_time):
    """Waits for the handler: which limit ended it, and how long it took. Ends the slot when the worker goes away."""
    poll = select.poll()
    done = os.pidfd_open(child)
    poll.register(done, select.POLLIN)
    poll.register(incoming, POLLRDHUP)
    # A handler that keeps its own time is only prevented from staying for ever.
    limit = clock.Limit(seconds) if keeps_time else clock.Limit(clock.PATIENCE * seconds + clock.MARGIN + 5)
    try:
        while True:
            left = limit.left()
            if left <= 0:
                return limit.reached, limit.lasted
            for descriptor, _ in poll.poll(left * 1000 + 1):
                if descriptor == incoming:
                    os._exit(0)
                return '', limit.lasted
    finally:
        os.close(done)


def _kill_all(handler):
    """Ends every process but this one, atomically: from process 1, -1 means all others.

    Returns the most memory that one of them held, in bytes, and the handler's exit status.
    """
    peak, ended = 0, None
    try:
        while True:
            os.kill(-1, signal.SIGKILL)
            child, status, usage = os.wait4(-1, 0)
            if child == handler:
                ended = os.waitstatus_to_exitcode(status)
            else:
                peak = max(peak, usage.ru_maxrss << 10)
    except (ProcessLookupError, ChildProcessError):
        return peak, ended


def _inodes():
    state = os.statvfs('/tmp')
    return state.f_files - state.f_ffree


def _wipe():
    """Empties /tmp: each owner's files by a process of that owner, for root has no right over other people's files here."""
    owners = {}
    for entry in os.scandir('/tmp'):
        owners.setdefault(entry.stat(follow_symlinks=False).st_uid, []).append(entry.path)
    for uid, paths in owners.items():
        child = os.fork()
        if child == 0:
            try:
                rights.become(uid)
                _remove(paths)
            finally:
                os._exit(0)
        os.waitpid(child, 0)


def _remove(paths):
    """Removes files and trees of any depth: subfolders move up to /tmp, so that no path grows and nothing recurses."""
    moved = 0
    while paths:
        path = paths.pop()
        if not os.path.isdir(path) or os.path.islink(path):
            os.unlink(path)
            continue
        os.chmod(path, 0o700)
        for entry in list(os.scandir(path)):
            if entry.is_dir(follow_symlinks=False):
                moved += 1
                aside = '/tmp/.removed-%d' % moved
                os.chmod(entry.path, 0o700)
                os.rename(entry.path, aside)
                paths.append(aside)
            else:
                os.unlink(entry.path)
        os.rmdir(path)


class Counters:
    """What the kernel counts for the whole container: processes refused, and processes ended for memory."""

    FILES = {'refused': ('max', '/sys/fs/cgroup/pids/pids.events', '/sys/fs/cgroup/pids.events'),
             'oom': ('oom_kill', '/sys/fs/cgroup/memory/memory.oom_control', '/sys/fs/cgroup/memory.events')}

    def __init__(self):
        # cgroup version 1 has a folder for each kind, version 2 has them all in one.
        self.files = {name: (key.encode(), os.open(path, os.O_RDONLY)) for name, (key, *paths) in self.FILES.items()
                      for path in paths if os.path.exists(path)}
        self.last = {}
        self.since_last()

    def since_last(self):
        since = {}
        for name, (key, file) in self.files.items():
            os.lseek(file, 0, os.SEEK_SET)
            words = os.read(file, 4096).split()
            now = int(words[words.index(key) + 1]) if key in words else 0
            since[name] = now - self.last.get(name, 0)
            self.last[name] = now
        return since
