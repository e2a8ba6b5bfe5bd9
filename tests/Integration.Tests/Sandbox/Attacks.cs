namespace Fleet.Integration.Tests.Sandbox;

/// <summary>Programs that attack the sandbox, one of each kind. Each prints <c>won</c> only if it got what it wanted.</summary>
internal static class Attacks
{
    public static readonly IReadOnlyDictionary<string, string> Python = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["fork bomb"] = "import os\nfor _ in range(4000):\n    try: os.fork()\n    except OSError: pass\nif os.getpid() > 4000: print('won')\nimport time; time.sleep(30)",
        ["threads without end"] = "import threading, time\nfor _ in range(50000): threading.Thread(target=time.sleep, args=(30,)).start()\nprint('won')",
        ["all memory"] = "held = []\nwhile len(held) < 4096: held.append(b'x' * (1 << 20))\nprint('won')",
        ["memory of children"] = "import os, time\nfor _ in range(30):\n    if os.fork() == 0:\n        x = b'x' * (400 << 20); time.sleep(30)\ntime.sleep(2)\nos.wait()\nprint('lost')",
        ["all files"] = "for n in range(100000): open(f'/tmp/file{n}', 'w').close()\nprint('won')",
        ["a large file"] = "with open('/tmp/large', 'wb') as f:\n    for _ in range(4096): f.write(b'x' * (1 << 20))\nprint('won')",
        ["deep folders"] = "import os\nos.chdir('/tmp')\nfor _ in range(50000): os.mkdir('folder'); os.chdir('folder')\nprint('won')",
        ["files without rights"] = "import os\nos.mkdir('/tmp/a'); open('/tmp/a/b', 'w').close(); os.chmod('/tmp/a/b', 0); os.chmod('/tmp/a', 0)\nprint('lost')",
        ["links to the system"] = "import os\nos.symlink('/', '/tmp/root'); os.symlink('/etc/passwd', '/tmp/main.py')\nprint('lost')",
        ["output without end"] = "while True: print('x' * 100000)",
        ["errors without end"] = "import sys\nwhile True: sys.stderr.write('x' * 100000)",
        ["a loop"] = "while True: pass",
        ["a loop in C"] = "import re\nre.match('(a*)*$', 'a' * 64 + 'b')\nprint('won')",
        ["ignored signals"] = "import signal, time\nfor s in range(1, 64):\n    try: signal.signal(s, signal.SIG_IGN)\n    except OSError: pass\ntime.sleep(60)",
        ["a daemon"] = "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0: time.sleep(600)\n    os._exit(0)\nprint('lost')",
        ["a signal to everybody"] = "import os\nos.kill(-1, 9)\nprint('won')",
        ["a signal to the parent"] = "import os\nos.kill(os.getppid(), 9)\nprint('won')",
        ["a signal to process 1"] = "import os\nos.kill(1, 9)\nprint('won')",
        ["memory of process 1"] = "open('/proc/1/mem', 'rb')\nprint('won')",
        ["memory of the parent"] = "import os\nopen(f'/proc/{os.getppid()}/mem', 'rb')\nprint('won')",
        ["descriptors of the parent"] = "import os\nos.listdir(f'/proc/{os.getppid()}/fd')\nprint('won')",
        ["tracing the parent"] = "import ctypes, os\nprint('won' if ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0) == 0 else 'lost')",
        ["becoming root"] = "import os\nos.setuid(0)\nprint('won')",
        ["a new user namespace"] = "import ctypes\nprint('won' if ctypes.CDLL(None).unshare(0x10000000) == 0 else 'lost')",
        ["mounting"] = "import ctypes\nprint('won' if ctypes.CDLL(None).mount(b'x', b'/tmp', b'tmpfs', 0, None) == 0 else 'lost')",
        ["io_uring"] = "import ctypes\nprint('won' if ctypes.CDLL(None).syscall(425, 8, ctypes.create_string_buffer(120)) >= 0 else 'lost')",
        ["keys of the kernel"] = "import ctypes\nprint('won' if ctypes.CDLL(None).syscall(248, b'user', b'k', b'v', 1, -2) >= 0 else 'lost')",
        ["shared memory"] = "import ctypes\nprint('won' if ctypes.CDLL(None).shmget(77, 4096, 0o1666) >= 0 else 'lost')",
        ["the network"] = "import socket\nsocket.create_connection(('1.1.1.1', 53), timeout=2)\nprint('won')",
        ["names of hosts"] = "import socket\nsocket.getaddrinfo('example.org', 80)\nprint('won')",
        ["writing to the system"] = "import os\nwon = False\nfor path in ('/etc/x', '/usr/lib/python3/dist-packages/x.py', '/x', '/var/tmp/x', '/run/x', '/fleet/x', '/dev/x'):\n    try: open(path, 'w').close(); won = True\n    except OSError: pass\nprint('won' if won else 'lost')",
        ["the worker's socket"] = "import socket\ns = socket.socket(socket.AF_UNIX); s.connect('/fleet/worker')\nprint('won')",
        ["the kernel's settings"] = "open('/proc/sys/kernel/core_pattern', 'w').write('x')\nprint('won')",
        ["the clock"] = "import time\ntime.clock_settime(time.CLOCK_REALTIME, 0)\nprint('won')",
        ["a device"] = "import os, stat\nos.mknod('/tmp/device', 0o600 | stat.S_IFBLK, os.makedev(8, 0))\nprint('won')",
        ["nested brackets"] = "print('[' * 3000000)",
        ["a crash"] = "import ctypes\nctypes.string_at(0)\nprint('won')",
        ["closed streams"] = "import os, time\nfor d in range(256):\n    try: os.close(d)\n    except OSError: pass\ntime.sleep(60)",
        ["many descriptors"] = "import os\nfor _ in range(100000): os.dup(0)\nprint('won')",
    };
}
