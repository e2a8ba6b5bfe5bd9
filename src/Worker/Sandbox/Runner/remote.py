"""Runs one test case on somebody else's sandbox, as a single Python program: the tester here, the solution in a child.

Both have the same uid there, so this is as strong as the other sandbox lets it be: the program's own file is gone and
the tester's memory closed before the solution starts, and the verdict is a line that begins with a secret.
"""
import ctypes
import json
import os
import socket
import subprocess
import sys


def solution(link, program):
    """The child: reads the program from a pipe and serves the tester."""
    from fleet_runner import solution as side
    with os.fdopen(program, 'rb') as pipe:
        source = pipe.read()
    side.main(source, link)


def called(program, function, secret):
    """Calls a function of the program; what it returned is a line that begins with the secret."""
    from fleet_runner import programs
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        programs.call(program.encode(), function, write)
    os.close(write)
    with os.fdopen(read, 'rb') as pipe:
        result = pipe.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.write(1, b'\n' + secret.encode() + result + b'\n')
    sys.exit(status if status >= 0 else 1)


def judged(boot, program, tests, secret):
    """Judges one test case; the verdict is a line that begins with the secret."""
    try:
        os.unlink(sys.argv[0])
    except OSError:
        pass
    ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
    descriptor = None
    if program is not None:
        link, theirs = socket.socketpair()
        read, write = os.pipe()
        subprocess.Popen([sys.executable, '-c', boot + 'remote.solution(%d, %d)\n' % (theirs.fileno(), read)], close_fds=True,
                         pass_fds=(theirs.fileno(), read), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        theirs.close()
        os.close(read)
        with os.fdopen(write, 'wb') as pipe:
            pipe.write(program.encode())
        descriptor = link.detach()
    from fleet_runner import tester
    verdict = tester.judge(tests, descriptor)
    os.write(1, b'\n' + secret.encode() + json.dumps(verdict).encode() + b'\n')
    os._exit(0)
