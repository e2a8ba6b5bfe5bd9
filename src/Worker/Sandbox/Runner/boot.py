# What the container's python is started with. Connects to the worker, receives the runner's modules and starts them.
# argv: 'attach', or the path of the worker's socket; the first uid for runs; how many uids there are.
import importlib.machinery
import json
import os
import struct
import sys
import types

if sys.argv[1] == 'attach':
    incoming, outgoing = os.dup(0), os.dup(1)
else:
    import socket
    link = socket.socket(socket.AF_UNIX)
    link.connect(sys.argv[1])
    incoming = outgoing = link.detach()
null = os.open('/dev/null', os.O_RDWR)
for standard in range(3):
    os.dup2(null, standard)
os.close(null)


def exactly(count):
    data = b''
    while len(data) < count:
        part = os.read(incoming, count - len(data))
        if not part:
            sys.exit()
        data += part
    return data


# Modules come from the image alone, never from the current folder, which is the programs'.
sys.path[:] = [path for path in sys.path if path]
package = types.ModuleType('fleet_runner')
package.__path__ = []
sys.modules['fleet_runner'] = package
SOURCES = json.loads(exactly(struct.unpack('<I', exactly(4))[0]))


class Modules:
    """Finds the runner's modules among the sources received; one that no run needs is never even compiled."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        short = name.removeprefix('fleet_runner.')
        if short != name and short in SOURCES:
            return importlib.machinery.ModuleSpec(name, Modules)

    @staticmethod
    def create_module(spec):
        return None

    @staticmethod
    def exec_module(module):
        short = module.__name__.removeprefix('fleet_runner.')
        # Without docstrings: what lies together in memory is copied together.
        exec(compile(SOURCES[short], 'fleet_runner/%s.py' % short, 'exec', optimize=2), module.__dict__)


sys.meta_path.insert(0, Modules)
from fleet_runner import channel, start  # noqa: E402 - they exist only now
try:
    start.main(incoming, outgoing, int(sys.argv[2]), int(sys.argv[3]))
except (channel.Closed, BrokenPipeError, ConnectionResetError):
    pass  # The worker is gone, and with it the reason to be here.
