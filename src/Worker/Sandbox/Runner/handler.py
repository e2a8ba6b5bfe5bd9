"""One run: a fork of process 1 that reads the request, starts the program, and answers.

The program's process is forked before the tests or the input are read, so it never held them.
"""
import gc
import json
import os
import select
import signal
import socket
import stat
import time

from fleet_runner import clock, programs, rights, solution, tester
from fleet_runner.channel import Channel

MEGABYTE = 1 << 20
# What a Python process takes before the program has done anything.
INTERPRETER = 64 * MEGABYTE
RESULT = 64 * MEGABYTE


class Sink:
    """What comes out of a pipe, up to a number of bytes."""

    def __init__(self, most):
        self.data, self.most, self.total = bytearray(), most, 0

    def add(self, part):
        self.total += len(part)
        self.data += part[:max(0, self.most - len(self.data))]

    @property
    def full(self):
        return self.total > self.most


class Run:
    """A program that reads and prints, is called, or is compiled."""

    def __init__(self, spec, body, uid):
        self.spec, self.uid = spec, uid
        self.kind, self.language = spec['kind'], spec['language']
        self.program = body[:spec['program']]
        self.files = _cut(spec.get('files', ()), body, spec['program'])
        self.stdout, self.stderr, self.result = Sink(spec['output']), Sink(spec['output']), Sink(RESULT)
        self.sinks = {}

    def fork_program(self):
        """Starts the program's process; it waits for nothing but its input."""
        stdin, self.stdin = os.pipe()
        given = [stdin, self._pipe(self.stdout), self._pipe(self.stderr)]
        if self.kind == 'call':
            given.append(self._pipe(self.result))
        self.child = os.fork()
        if self.child == 0:
            self._become_program(given)
        self.done = os.pidfd_open(self.child)
        for descriptor in given:
            os.close(descriptor)

    def _become_program(self, given):
        python = self.language == 'python'
        rights.drop(self.uid, given, data=self.spec['memory'] + INTERPRETER if python else None)
        gc.enable()
        try:
            programs.write_files(self.files)
            if self.kind == 'call':
                programs.call(self.program, self.spec['function'], 3)
            elif self.kind == 'compile':
                programs.compile_program(self.language, self.program)
            elif python:
                programs.script(self.program)
            else:
                programs.run_program(self.language, self.program, self.spec['memory'])
        except BaseException as error:
            os.write(2, ('%s: %s\n' % (type(error).__name__, error)).encode())
        os._exit(127)

    def supervise(self, stdin):
        """Feeds and drains the program until it has ended or a limit is hit."""
        poll = select.poll()
        poll.register(self.done, select.POLLIN)
        for descriptor in self.sinks:
            poll.register(descriptor, select.POLLIN)
        feeding = memoryview(stdin)
        if feeding:
            os.set_blocking(self.stdin, False)
            poll.register(self.stdin, select.POLLOUT)
        else:
            os.close(self.stdin)
        limit, self.limit, ended = clock.Limit(self.spec['time']), '', False
        while not ended and not self.limit:
            left = limit.left()
            if left <= 0:
                self.limit = limit.reached
                break
            for descriptor, event in poll.poll(left * 1000 + 1):
                if descriptor == self.done:
                    ended = True
                elif descriptor in self.sinks:
                    if not self._drain(descriptor):
                        poll.unregister(descriptor)
                        os.close(descriptor)
                        del self.sinks[descriptor]
                else:
                    feeding = self._feed(feeding)
                    if not feeding:
                        poll.unregister(descriptor)
                        os.close(descriptor)
            self._look_at_output()
        self.seconds = limit.lasted
        if not ended:
            os.kill(self.child, signal.SIGKILL)
        _, status, usage = os.wait4(self.child, 0)
        self.status, self.peak = os.waitstatus_to_exitcode(status), usage.ru_maxrss << 10
        # Whoever still holds the other end need not be waited for: what is there now is what the program said.
        for descriptor in self.sinks:
            os.set_blocking(descriptor, False)
            try:
                while self._drain(descriptor) and not self.limit:
                    self._look_at_output()
            except BlockingIOError:
                pass

    def _look_at_output(self):
        if not self.limit and (self.stdout.full or self.stderr.full):
            self.limit = 'output'

    def _pipe(self, sink):
        read, write = os.pipe()
        self.sinks[read] = sink
        return write

    def _feed(self, feeding):
        try:
            return feeding[os.write(self.stdin, feeding[:1 << 16]):]
        except BlockingIOError:
            return feeding
        except OSError:
            return b''

    def _drain(self, descriptor):
        part = os.read(descriptor, 1 << 16)
        self.sinks[descriptor].add(part)
        return len(part)


def _cut(table, body, offset):
    files = []
    for name, length in table:
        files.append((name, body[offset:offset + length]))
        offset += length
    return files


def _collect(uid, paths, most):
    """Reads files as the program's own uid, so that no link leads to what only root may read."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        rights.become(uid)
        found = []
        for path in paths():
            try:
                descriptor = os.open(os.path.join('/tmp', path), os.O_RDONLY | os.O_NONBLOCK)
                if stat.S_ISREG(os.fstat(descriptor).st_mode) and os.fstat(descriptor).st_size <= most:
                    found.append((path, open(descriptor, 'rb').read(most)))
            except OSError:
                pass
        head = json.dumps([(path, len(content)) for path, content in found]).encode()
        with open(write, 'wb') as pipe:
            pipe.write(b'%10d' % len(head) + head + b''.join(content for _, content in found))
        os._exit(0)
    os.close(write)
    with open(read, 'rb') as pipe:
        data = pipe.read()
    os.waitpid(child, 0)
    size = int(data[:10])
    return _cut(json.loads(data[10:10 + size]), data, 10 + size)


def main(channel, uid, number):
    """Handles one run and ends: as the tester where there is one, else as the one who watches the program."""
    spec, body = channel.receive()
    if spec['kind'] in ('split', 'text'):
        judge(channel, spec, body, uid, number)
    run = Run(spec, body, uid)
    run.fork_program()
    _, stdin = channel.receive()
    run.supervise(stdin)
    files = []
    if run.kind == 'compile' and run.status == 0 and not run.limit:
        files = _collect(uid, lambda: programs.artifacts(run.language), RESULT)
    elif spec.get('fetch'):
        files = _collect(uid, lambda: spec['fetch'], RESULT)
    answer = {'run': number, 'limit': run.limit, 'seconds': run.seconds, 'status': run.status, 'peak': run.peak,
              'stdout': len(run.stdout.data), 'stderr': len(run.stderr.data), 'result': len(run.result.data),
              'files': [(path, len(content)) for path, content in files]}
    channel.send(answer, run.stdout.data, run.stderr.data, run.result.data, *(content for _, content in files))
    os._exit(0)


def judge(channel, spec, body, uid, number):
    """Becomes the tester, after forking the solution, which so never held the tests. Process 1 keeps the time."""
    null = os.open('/dev/null', os.O_RDWR)
    given = [null, null, null, channel.outgoing]
    if spec['kind'] == 'split':
        link, theirs = socket.socketpair()
        if os.fork() == 0:
            rights.drop(uid, [null, null, null, theirs.fileno()], data=spec['memory'] + INTERPRETER)
            gc.enable()
            solution.main(body, 3)
        given.append(link.fileno())
    tests, _ = channel.receive()
    rights.drop(uid + 1, given, data=spec['memory'] + INTERPRETER, solution=False)
    gc.enable()
    began = time.monotonic()
    verdict = tester.judge(tests, 4 if spec['kind'] == 'split' else None)
    Channel(None, 3).send({'run': number, 'limit': '', 'seconds': time.monotonic() - began, 'tester': verdict})
    os._exit(0)
