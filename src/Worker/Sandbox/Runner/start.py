"""Process 1 of a slot: forks a handler for each run, and leaves nothing of a run behind.

It never reads a request itself, so its memory, which every run inherits, holds nothing of the runs before.
"""
import gc
import os
import select
import signal
import sys

from fleet_runner import handler, rights
from fleet_runner.channel import Channel

# What most programs and tests import, loaded once and inherited by every fork.
PRELOADED = '''bisect collections collections.abc copy datetime decimal fractions functools heapq io itertools json math
operator random re statistics string threading traceback typing numpy'''.split()

POLLRDHUP = 0x2000


def main(incoming, outgoing, first_uid, uids):
    rights.dumpable(False)
    os.umask(0o022)
    os.chdir('/tmp')
    os.environ.clear()
    os.environ.update(PATH='/usr/local/bin:/usr/bin:/bin', HOME='/tmp', LANG='C.UTF-8', PYTHONHASHSEED='0',
                      OMP_NUM_THREADS='1', OPENBLAS_NUM_THREADS='1', PYTHONDONTWRITEBYTECODE='1')
    for name in PRELOADED:
        try:
            __import__(name)
        except ImportError:
            pass
    channel = Channel(incoming, outgoing)
    used = _inodes()
    gc.collect()
    gc.freeze()
    channel.send({'slot': 'ready', 'python': sys.version.split()[0]})
    run = 0
    while _awaits_frame(incoming):
        # Two uids a run, solution and tester, that no run before has had for a long time.
        uid = first_uid + 2 * (run % (uids // 2))
        run += 1
        child = os.fork()
        if child == 0:
            try:
                handler.main(channel, uid)
            finally:
                os._exit(1)
        status = _finished(child, incoming)
        killed = _kill_all()
        _wipe()
        channel.send({'slot': 'clean', 'handler': status, 'killed': killed, 'dirty': _inodes() != used})


def _awaits_frame(incoming):
    poll = select.poll()
    poll.register(incoming, select.POLLIN | POLLRDHUP)
    return bool(poll.poll()[0][1] & select.POLLIN)


def _finished(child, incoming):
    """The handler's exit status. Ends the slot when the worker goes away meanwhile."""
    poll = select.poll()
    done = os.pidfd_open(child)
    poll.register(done, select.POLLIN)
    poll.register(incoming, POLLRDHUP)
    events = dict(poll.poll())
    os.close(done)
    if done not in events:
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _kill_all():
    """Ends every process but this one, atomically: from process 1, -1 means all others."""
    killed = 0
    try:
        while True:
            os.kill(-1, signal.SIGKILL)
            os.wait()
            killed += 1
    except (ProcessLookupError, ChildProcessError):
        pass
    return killed


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

