# What the container's python is started with. Connects to the worker, receives the runner's modules and starts them.
# argv: 'attach', or the path of the worker's socket; the first uid for runs; how many uids there are.
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


package = types.ModuleType('fleet_runner')
package.__path__ = []
sys.modules['fleet_runner'] = package
for name, source in json.loads(exactly(struct.unpack('<I', exactly(4))[0])):
    module = types.ModuleType('fleet_runner.' + name)
    sys.modules[module.__name__] = module
    setattr(package, name, module)
    exec(compile(source, 'fleet_runner/%s.py' % name, 'exec'), module.__dict__)
try:
    package.start.main(incoming, outgoing, int(sys.argv[2]), int(sys.argv[3]))
except (package.channel.Closed, BrokenPipeError, ConnectionResetError):
    pass  # The worker is gone, and with it the reason to be here.
