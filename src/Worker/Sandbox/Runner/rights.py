"""Turns a fresh fork into a process without rights: own session, own uid, own limits, only the descriptors it was given."""
import ctypes
import fcntl
import os
import resource

LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_DUMPABLE = 4
MEGABYTE = 1 << 20


def dumpable(yes):
    """Whether processes of the same uid may look into this one's memory, and whether its /proc files are its own."""
    LIBC.prctl(PR_SET_DUMPABLE, int(yes), 0, 0, 0)


def drop(uid, descriptors, data=None, stack=None, cpu=None, files=256, own_proc=True):
    """Keeps only `descriptors` (as 0, 1, 2, ...), then gives up every right for good.

    data: bytes of private writable memory, None for what the container has. stack: bytes for the main thread.
    own_proc: False for the tester, into which nothing may look.
    """
    os.setsid()
    _keep(descriptors)
    # The kernel's first choice when memory runs out; written now because /proc/self is root's once the uid has changed.
    with open('/proc/self/oom_score_adj', 'w') as score:
        score.write('1000' if own_proc else '500')
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 64 * MEGABYTE)
    _limit(resource.RLIMIT_NOFILE, files)
    _limit(resource.RLIMIT_MSGQUEUE, 0)
    if cpu:
        _limit(resource.RLIMIT_CPU, cpu)
    if data:
        _limit(resource.RLIMIT_DATA, data)
    if stack:
        _limit(resource.RLIMIT_STACK, stack)
    become(uid)
    dumpable(own_proc)
    os.umask(0o022)
    os.chdir('/tmp')


def become(uid):
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def _limit(what, most):
    hard = resource.getrlimit(what)[1]
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(what, (most, most))


def _keep(descriptors):
    # Out of the way first, so that no target overwrites a source.
    aside = [fcntl.fcntl(d, fcntl.F_DUPFD, 64) for d in descriptors]
    for target, source in enumerate(aside):
        os.dup2(source, target, inheritable=target < 3)
    os.closerange(len(aside), 4096)
