"""Turns a fresh fork into a process without rights: own session, own uid, own limits, only the descriptors it was given."""
import ctypes
import fcntl
import os
import platform
import resource
import struct

LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
KILL = {'x86_64': 62, 'aarch64': 129}
MEGABYTE = 1 << 20
# Room for deep recursion in the main thread.
STACK = 128 * MEGABYTE


def dumpable(yes):
    """Whether processes of the same uid may look into this one's memory, and whether its /proc files are its own."""
    LIBC.prctl(PR_SET_DUMPABLE, int(yes), 0, 0, 0)


def _filter_no_broadcast():
    """A filter that refuses kill(-1, ...): a program may signal its own processes, not whoever is there.

    Only process 1 may, when it clears up; so this cannot stand in the container's own profile.
    """
    load, equal, answer = 0x20, 0x15, 0x06
    allow, refuse = 0x7fff0000, 0x00050001
    number, first_argument = 0, 16
    steps = [(load, 0, 0, number), (equal, 0, 3, KILL.get(platform.machine(), -1 & 0xffffffff)),
             (load, 0, 0, first_argument), (equal, 0, 1, 0xffffffff), (answer, 0, 0, refuse), (answer, 0, 0, allow)]
    code = ctypes.create_string_buffer(b''.join(struct.pack('HBBI', *step) for step in steps))
    return ctypes.create_string_buffer(struct.pack('HxxxxxxP', len(steps), ctypes.addressof(code))), code


NO_BROADCAST = _filter_no_broadcast()


def limit_all():
    """The limits of every run, set once for process 1 and inherited."""
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 64 * MEGABYTE)
    _limit(resource.RLIMIT_NOFILE, 256)
    _limit(resource.RLIMIT_MSGQUEUE, 0)
    _limit(resource.RLIMIT_STACK, STACK)


def drop(uid, descriptors, data=None, solution=True):
    """Keeps only `descriptors` (as 0, 1, 2, ...), then gives up every right for good.

    data: bytes of private writable memory, None for what the container has. solution: False for the tester, into whose
    memory nothing may look, not even a process of the same uid.
    """
    os.setsid()
    _keep(descriptors)
    if data:
        _limit(resource.RLIMIT_DATA, data)
    if solution:
        # The kernel's first choice when memory runs out; written now because /proc/self is root's once the uid has changed.
        score = os.open('/proc/self/oom_score_adj', os.O_WRONLY)
        os.write(score, b'1000')
        os.close(score)
    become(uid)
    if solution:
        dumpable(True)
        LIBC.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NO_BROADCAST[0], 0, 0)


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
