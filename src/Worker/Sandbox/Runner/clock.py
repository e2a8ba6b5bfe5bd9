"""A time limit that does not count the time during which others had the processor."""
import os
import time
import typing

# A run gets back the time that it waited for a processor, up to so many times its limit and a little more. It is much,
# for a program must not fail because the machine was slow; one that never ends uses its time up long before.
PATIENCE, MARGIN = 30, 10
# How long to wait for a process that is kept from its processor to get there, and to have its waiting accounted for.
LOOK = 0.02


class Limit:
    """So many seconds from now; more when the processes of the run had to wait for a processor.

    What they waited for is the scheduler's own account, as far as the time is not used up by processes of this very run,
    which only wait for each other.
    """

    def __init__(self, seconds):
        self.seconds, self.started, self.reached = seconds, time.monotonic(), ''
        self.deadline, self.last = self.started + seconds, self.started + PATIENCE * seconds + MARGIN
        self.used_before, self.late = USED(), None

    @property
    def lasted(self):
        return time.monotonic() - self.started

    def left(self):
        """Seconds until the limit must be looked at again; 0 when it is reached, and then `reached` says how."""
        left = self.deadline - time.monotonic()
        if left > 0:
            return left
        threads, now = _threads(), time.monotonic()
        lasted, used = now - self.started, USED() - self.used_before
        owed = self.seconds - (lasted - min(_waited(threads), max(0.0, lasted - used)))
        if owed > 0 or used >= self.seconds:
            self.late = None
        else:
            # The scheduler accounts for a wait when it ends. Those that are at it now are waited for, no others.
            self.late = {task: thread for task, thread in threads.items()
                         if thread.is_ready and (self.late is None or self.late.get(task) == thread)}
            if self.late:
                owed = LOOK
        if owed > 0 and now < self.last:
            self.deadline = min(self.last, now + owed + 0.01)
            return self.deadline - now
        self.reached = 'starved' if owed > 0 else 'time'
        return 0


class Thread(typing.NamedTuple):
    """What the scheduler says of a thread: seconds that it ran and waited, and how often it got a processor."""

    uid: int
    is_ready: bool
    ran: float
    waited: float
    turns: int


def _threads():
    """The threads of the run, by number: all of the container but those of process 1 and of the caller."""
    threads = {}
    for entry in os.listdir('/proc'):
        if not entry.isdigit() or entry in ('1', str(os.getpid())):
            continue
        try:
            for task in os.listdir('/proc/%s/task' % entry):
                path = '/proc/%s/task/%s/' % (entry, task)
                with open(path + 'status', errors='replace') as file:
                    status = dict(line.split(':', 1) for line in file)
                with open(path + 'schedstat') as file:
                    ran, waited, turns = map(int, file.read().split())
                threads[task] = Thread(int(status['Uid'].split()[0]), status['State'].split()[0] == 'R', ran / 1e9, waited / 1e9, turns)
        except (OSError, ValueError, LookupError):
            # It has ended meanwhile.
            pass
    return threads


def _waited(threads):
    """Seconds for which the run was ready but had no processor.

    That is the longest that a thread of the solution has waited, and of the tester, for these two take turns. Those that
    run beside each other are not added up, or many of them could buy the time for one that sleeps.
    """
    longest = {}
    for thread in threads.values():
        longest[thread.uid] = max(longest.get(thread.uid, 0), thread.waited)
    return sum(longest.values())


def _account():
    """What reads the seconds of processor time that the container has used, those of dead processes included."""
    # cgroup version 1 and version 2; opened once, for this is read in every run.
    for path, field, unit in (('/sys/fs/cgroup/cpuacct/cpuacct.usage', 0, 1e9), ('/sys/fs/cgroup/cpu.stat', 1, 1e6)):
        try:
            file = os.open(path, os.O_RDONLY)
            int(os.pread(file, 64, 0).split()[field])
            return lambda: int(os.pread(file, 64, 0).split()[field]) / unit
        except (OSError, ValueError, IndexError):
            pass
    return _used_by_the_living


def _used_by_the_living():
    ticks = 0
    for entry in os.listdir('/proc'):
        try:
            with open('/proc/%s/stat' % entry) as file:
                ticks += sum(map(int, file.read().rpartition(')')[2].split()[11:15]))
        except (OSError, ValueError):
            pass
    return ticks / os.sysconf('SC_CLK_TCK')


USED = _account()
