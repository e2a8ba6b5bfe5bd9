"""One run: a fork of process 1 that reads the request, starts the processes, watches them and answers.

The program's process is forked before the tests are read, so that it never held them; both wait at a gate until
everything that must be forked is, so that no program can use up the processes first.
"""
import gc
import json
import os
import resource
import select
import signal
import socket
import stat
import sys
import time

from fleet_runner import programs, rights, solution, tester

MEGABYTE = 1 << 20
# What a Python process takes before the program has done anything.
INTERPRETER = 64 * MEGABYTE
STACK = 128 * MEGABYTE
RESULT = 64 * MEGABYTE
POLLHUP_OR_IN = select.POLLIN | select.POLLHUP
TICKS = os.sysconf('SC_CLK_TCK')


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
    def __init__(self, spec, body, uid):
        self.spec, self.uid = spec, uid
        self.kind, self.language = spec['kind'], spec['language']
        self.program = body[:spec['program']]
        self.files = _cut(spec.get('files', ()), body, spec['program'])
        self.pipes, self.children = {}, {}
        self.stdout, self.stderr = Sink(spec['output']), Sink(spec['output'])
        self.result, self.verdict = Sink(RESULT), Sink(MEGABYTE)
        self.gate, self.open_gate = os.pipe()

    # Before the tests are known.

    def fork_program(self):
        self.stdin, stdin = _pipe_in()
        out, err, result = self._pipe(self.stdout), self._pipe(self.stderr), None
        given = [stdin, out, err]
        if self.kind == 'split':
            self.link, theirs = socket.socketpair()
            given.append(theirs.fileno())
        elif self.kind == 'call':
            given.append(self._pipe(self.result))
        child = os.fork()
        if child == 0:
            self._become_program(given)
        self._watch('program', child)
        for descriptor in given[:3]:
            os.close(descriptor)
        if self.kind == 'split':
            theirs.close()
        elif self.kind == 'call':
            os.close(given[3])

    def _become_program(self, given):
        python = self.language == 'python'
        limits = dict(data=self.spec['memory'] + INTERPRETER) if python else {}
        rights.drop(self.uid, [*given, self.gate], stack=STACK, cpu=int(self.spec['time'] * 3 + 5), **limits)
        os.read(len(given), 1)
        os.close(len(given))
        gc.enable()
        if 'numpy' in sys.modules:
            sys.modules['numpy'].random.seed()
        try:
            programs.write_files(self.files)
            if self.kind == 'split':
                solution.main(self.program, 3)
            elif self.kind == 'call':
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

    # Once they are.

    def fork_tester(self, tests):
        verdict = self._pipe(self.verdict)
        null = os.open('/dev/null', os.O_RDWR)
        given = [null, null, null, verdict]
        if self.kind == 'split':
            given.append(self.link.fileno())
        child = os.fork()
        if child == 0:
            rights.drop(self.uid + 1, [*given, self.gate], cpu=int(self.spec['time'] * 3 + 5), own_proc=False)
            os.read(len(given), 1)
            os.close(len(given))
            gc.enable()
            tester.main(tests, 4 if self.kind == 'split' else None, 3)
        self._watch('tester', child)
        os.close(verdict)
        os.close(null)
        if self.kind == 'split':
            self.link.close()

    def supervise(self, stdin):
        """Feeds and drains the processes until the one that counts has ended, or a limit is hit."""
        poll = select.poll()
        for descriptor in self.pipes:
            poll.register(descriptor, POLLHUP_OR_IN)
        for descriptor in self.children:
            poll.register(descriptor, select.POLLIN)
        feeding = memoryview(stdin)
        if self.kind != 'text':
            if feeding:
                os.set_blocking(self.stdin, False)
                poll.register(self.stdin, select.POLLOUT)
            else:
                os.close(self.stdin)
        awaited = 'tester' if self.kind in ('split', 'text') else 'program'
        ended, self.limit, most = {}, '', self.spec['time']
        self.started = time.monotonic()
        deadline, last = self.started + most, self.started + 4 * most + 2
        os.close(self.open_gate)
        while awaited not in ended and not self.limit:
            left = deadline - time.monotonic()
            if left <= 0:
                starved = self._starved()
                now = time.monotonic()
                if now - self.started - starved >= most or now >= last:
                    self.limit = 'time' if now < last else 'starved'
                    break
                deadline = min(last, now + most - (now - self.started - starved) + 0.01)
                continue
            for descriptor, event in poll.poll(left * 1000 + 1):
                if descriptor in self.children:
                    poll.unregister(descriptor)
                    name, child = self.children.pop(descriptor)
                    ended[name] = os.wait4(child, 0)[1:]
                    os.close(descriptor)
                elif event & select.POLLOUT or descriptor == getattr(self, 'stdin', None):
                    feeding = self._feed(feeding)
                    if not feeding:
                        poll.unregister(descriptor)
                        os.close(descriptor)
                elif not self._drain(descriptor):
                    poll.unregister(descriptor)
                    os.close(descriptor)
                    del self.pipes[descriptor]
            if self.kind != 'split' and (self.stdout.full or self.stderr.full):
                self.limit = 'output'
        self.seconds = time.monotonic() - self.started
        self._stop(ended)
        for descriptor in list(self.pipes):
            os.set_blocking(descriptor, False)
            try:
                while self._drain(descriptor):
                    pass
            except BlockingIOError:
                pass
        return ended

    def _stop(self, ended):
        for descriptor, (name, child) in self.children.items():
            os.kill(child, signal.SIGKILL)
            ended[name] = os.wait4(child, 0)[1:]
        if self.kind != 'split' and not self.limit and (self.stdout.full or self.stderr.full):
            self.limit = 'output'

    def _pipe(self, sink):
        read, write = os.pipe()
        self.pipes[read] = sink
        return write

    def _watch(self, name, child):
        self.children[os.pidfd_open(child)] = name, child

    def _feed(self, feeding):
        try:
            return feeding[os.write(self.stdin, feeding[:1 << 16]):]
        except BlockingIOError:
            return feeding
        except OSError:
            return b''

    def _drain(self, descriptor):
        part = os.read(descriptor, 1 << 16)
        self.pipes[descriptor].add(part)
        return len(part)

    def _starved(self):
        """Seconds that the processes were ready to run but had no processor, because others had it.

        The scheduler's own account of waiting, as far as the time is not used up by processes of this very run.
        """
        waited = used = 0.0
        for name, child in self.children.values():
            try:
                with open('/proc/%d/schedstat' % child) as file:
                    waited += int(file.read().split()[1]) / 1e9
            except (OSError, ValueError, IndexError):
                pass
        for entry in os.listdir('/proc'):
            if entry.isdigit() and entry != '1':
                try:
                    with open('/proc/%s/stat' % entry) as file:
                        fields = file.read().rpartition(')')[2].split()
                    used += sum(map(int, fields[11:15])) / TICKS
                except (OSError, ValueError):
                    pass
        return max(0.0, min(waited, time.monotonic() - self.started - used))


def _pipe_in():
    read, write = os.pipe()
    return write, read


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


def _refused(counter='/sys/fs/cgroup/pids/pids.events', unified='/sys/fs/cgroup/pids.events'):
    """How often the kernel refused a new process in this container."""
    return _count((counter, unified), 'max')


def _out_of_memory():
    """How often the kernel ended a process of this container for memory."""
    return _count(('/sys/fs/cgroup/memory/memory.oom_control', '/sys/fs/cgroup/memory.events'), 'oom_kill')


def _count(paths, key):
    for path in paths:
        try:
            with open(path) as file:
                return next(int(line.split()[1]) for line in file if line.split()[0] == key)
        except (OSError, StopIteration, ValueError, IndexError):
            pass
    return 0


def main(channel, uid):
    gc.disable()
    spec, body = channel.receive()
    run = Run(spec, body, uid)
    refused, out_of_memory = _refused(), _out_of_memory()
    if run.kind != 'text':
        run.fork_program()
    tests, stdin = channel.receive()
    if run.kind in ('split', 'text'):
        if run.kind == 'text':
            tests['response'] = stdin.decode('utf-8', 'replace')
            stdin = b''
        run.fork_tester(tests)
    ended = run.supervise(stdin)
    answer = {'limit': run.limit, 'seconds': run.seconds, 'refused': _refused() - refused,
              'oom': _out_of_memory() - out_of_memory}
    if 'program' in ended:
        status, used = ended['program']
        answer.update(status=os.waitstatus_to_exitcode(status), cpu=used.ru_utime + used.ru_stime, peak=used.ru_maxrss << 10)
    files = []
    if run.kind == 'compile' and answer['status'] == 0 and not run.limit:
        files = _collect(uid, lambda: programs.artifacts(run.language), RESULT)
    elif spec.get('fetch'):
        files = _collect(uid, lambda: spec['fetch'], RESULT)
    if run.kind in ('split', 'text'):
        answer['tester'] = _verdict(run.verdict.data, ended)
    answer.update(stdout=len(run.stdout.data), stderr=len(run.stderr.data), result=len(run.result.data),
                  files=[(path, len(content)) for path, content in files])
    channel.send(answer, run.stdout.data, run.stderr.data, run.result.data, *(content for _, content in files))
    os._exit(0)


def _verdict(data, ended):
    try:
        return json.loads(bytes(data))
    except ValueError:
        status = os.waitstatus_to_exitcode(ended['tester'][0]) if 'tester' in ended else None
        return {'verdict': 'none', 'status': status}
