"""A time limit that does not count the time during which others had the processor."""
import os
import time

# A run gets back the time that it waited for a processor, up to so many times its limit and a little more. It is much,
# for a program must not fail because the machine was slow; one that never ends uses its time up long before.
PATIENCE, MARGIN = 30, 10


class Limit:
    """So many seconds from now; more when the processes of the run had to wait for a processor."""

    def __init__(self, seconds):
        self.seconds, self.started, self.reached = seconds, time.monotonic(), ''
        self.deadline, self.last = self.started + seconds, self.started + PATIENCE * seconds + MARGIN
        self.used_before = USED()

    @property
    def lasted(self):
        return time.monotonic() - self.started

    def left(self):
        """Seconds until the limit must be looked at again; 0 when it is reached, and then `reached` says how."""
        left = self.deadline - time.monotonic()
        if left > 0:
            return left
        owed = self.seconds - (self.lasted - self.starved())
        now = time.monotonic()
        if owed > 0 and now < self.last:
            self.deadline = min(self.last, now + owed + 0.01)
            return self.deadline - now
        self.reached = 'starved' if owed > 0 else 'time'
        return 0

    def starved(self):
        """Seconds for which the run's processes were ready but had no processor, because others had it.

        That is the scheduler's own account of their waiting, summed up because solution and tester take turns, as far as
        the time is not used up by processes of this very run, which only wait for each other.
        """
        waited = 0.0
        for entry in os.listdir('/proc'):
            if not entry.isdigit() or entry in ('1', str(os.getpid())):
                continue
            try:
                with open('/proc/%s/schedstat' % entry) as file:
                    waited += int(file.read().split()[1]) / 1e9
            except (OSError, ValueError, IndexError):
                pass
        return max(0.0, min(waited, self.lasted - (USED() - self.used_before)))


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
