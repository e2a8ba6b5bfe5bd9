"""How a program of each language runs, in a process that has already given up its rights.

Python programs run in the fork itself, as __main__ of a script would: that saves starting an interpreter. All others are
written to /tmp and executed.
"""
import atexit
import builtins
import io
import json
import linecache
import os
import signal
import sys
import traceback
import types

MAIN = '/tmp/main.py'


# Commands by language: the file that the program is written to, how it is compiled, what the compiler leaves, how it runs.
COMPILED = {
    'cpp': ('main.cpp', ['g++', '-std=c++17', '-O2', '-pipe', '-o', 'main', 'main.cpp'], ['./main']),
    'java': ('Main.java', ['javac', '-J-Xmx256m', '-J-XX:+UseSerialGC', '-encoding', 'UTF-8', '-d', 'classes', 'Main.java'],
             ['java', '-Xmx%dm', '-Xss64m', '-XX:+UseSerialGC', '-XX:-UsePerfData', '-cp', 'classes', 'Main']),
}
INTERPRETED = {
    'javascript': ('main.js', ['node', '--max-old-space-size=%d', 'main.js']),
    'bash': ('main.sh', ['bash', 'main.sh']),
    'pytest': ('test_main.py', ['python3', '-m', 'pytest', '-p', 'no:cacheprovider', 'test_main.py']),
}


def standard_streams():
    """Makes sys.stdin, stdout and stderr as a freshly started interpreter has them, on descriptors 0, 1 and 2.

    Done once, in process 1; they are as fresh in every fork, whatever the descriptors lead to by then.
    """
    # Streams remember whether they can seek; programs get pipes.
    ends = os.pipe()
    for standard in range(3):
        os.dup2(ends[standard > 0], standard)
    sys.stdin = sys.__stdin__ = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, 'r', closefd=False)), 'utf-8', 'surrogateescape')
    sys.stdout = sys.__stdout__ = io.TextIOWrapper(io.BufferedWriter(io.FileIO(1, 'w', closefd=False)), 'utf-8', 'surrogateescape')
    sys.stderr = sys.__stderr__ = io.TextIOWrapper(
        io.BufferedWriter(io.FileIO(2, 'w', closefd=False)), 'utf-8', 'backslashreplace', line_buffering=True)
    null = os.open('/dev/null', os.O_RDWR)
    for standard in range(3):
        os.dup2(null, standard)
    for descriptor in (*ends, null):
        os.close(descriptor)


def load(source, module, path, names=None):
    """Executes Python source as the given module; tracebacks find their lines although there is no file.

    names: what the module finds without importing it. Only what the source speaks of is put there: in a fresh fork,
    every object touched is a page copied.
    """
    module.__file__ = path
    module.__builtins__ = builtins
    sys.modules[module.__name__] = module
    text = source.decode('utf-8', 'replace')
    linecache.cache[path] = (len(text), None, text.splitlines(True), path)
    code = compile(source, path, 'exec', dont_inherit=True)
    if names:
        module.__dict__.update((name, names(name)) for name in _spoken_of(code) if name in names)
    exec(code, module.__dict__)


def _spoken_of(code):
    """The global names in a code object and those within it."""
    found = set(code.co_names)
    for constant in code.co_consts:
        if type(constant) is types.CodeType:
            found |= _spoken_of(constant)
    return found


def leave(action):
    """Runs the action and ends the process as an interpreter would: status, traceback, threads, exit handlers, flushes."""
    status = 0
    try:
        action()
    except SystemExit as leaving:
        status = _status(leaving.code)
    except BaseException as error:
        status = 1
        # The runner's own frames are of no interest to the reader of a traceback.
        trace = error.__traceback__
        while trace and trace.tb_frame.f_code.co_filename.startswith('fleet_runner'):
            trace = trace.tb_next
        try:
            sys.excepthook(type(error), error.with_traceback(trace), trace)
        except BaseException:
            traceback.print_exc()
    try:
        if 'threading' in sys.modules:
            sys.modules['threading']._shutdown()
        atexit._run_exitfuncs()
    except BaseException:
        pass
    try:
        sys.stdout.flush()
    except BaseException:
        status = status or 120
    try:
        sys.stderr.flush()
    except BaseException:
        pass
    os._exit(status)


def _status(code):
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xff
    print(code, file=sys.stderr)
    return 1


def script(source, arguments=()):
    """Runs Python source as `python3 main.py` would."""
    if b'__file__' in source or b'argv' in source:
        with open(MAIN, 'wb') as file:
            file.write(source)
    sys.argv = [MAIN, *arguments]
    sys.path.insert(0, '/tmp')
    leave(lambda: load(source, types.ModuleType('__main__'), MAIN))


def write_files(files):
    for path, content in files:
        path = os.path.join('/tmp', path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'wb') as file:
            file.write(content)
        if content[:4] == b'\x7fELF':
            os.chmod(path, 0o755)


def compile_program(language, source):
    name, command, _ = COMPILED[language]
    write_files([(name, source)])
    execute(command)


def run_program(language, source, memory):
    """Executes a program; of a compiled one, what the compiler left is already in place."""
    if language in COMPILED:
        command = COMPILED[language][2]
    else:
        name, command = INTERPRETED[language]
        write_files([(name, source)])
    execute([part % (memory >> 20) if '%d' in part else part for part in command])


def execute(command):
    # Python ignores these two; a program must start as a shell would start it.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    os.execvp(command[0], command)


def artifacts(language):
    """The files that a compiler left, by path below /tmp."""
    if language == 'cpp':
        return ['main']
    return [os.path.join('classes', name) for name in os.listdir('/tmp/classes') if name.endswith('.class')]


def call(source, function, result):
    """Calls a function of the program, or a method of its class Solution, and writes the outcome to descriptor `result`.

    Each line of the input is one argument in JSON.
    """
    text = sys.stdin.buffer.read().decode('utf-8')

    def work():
        from fleet_runner import solution
        module = types.ModuleType('solution')
        load(source, module, '/tmp/solution.py', solution.PRELUDE)
        target = module.__dict__.get(function)
        if target is None and 'Solution' in module.__dict__:
            target = getattr(module.Solution(), function, None)
        if target is None:
            outcome = {'missing': function}
        else:
            arguments = [json.loads(line) for line in text.splitlines() if line.strip()]
            outcome = {'result': to_json(target(*arguments))}
        data = json.dumps(outcome).encode()
        while data:
            data = data[os.write(result, data):]

    leave(work)


def to_json(value):
    """What a function returned as JSON has it. Only what a value is counts, never what its class pretends."""
    kind = type(value)
    if value is None or kind in (bool, int, float, str):
        return value
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in (list if isinstance(value, list) else tuple).__iter__(value)]
    if isinstance(value, dict):
        return {key if type(key) is str else json.dumps(to_json(key)): to_json(item) for key, item in dict.items(value)}
    for base, plain in ((bool, bool), (int, int), (float, float), (str, str)):
        if isinstance(value, base):
            return plain(base.__str__(value)) if base is str else base.__add__(value, base(0))
    if kind.__module__ == 'numpy':
        return to_json(value.tolist())
    if isinstance(value, types.GeneratorType) or hasattr(kind, '__next__') or kind in (range, type({}.keys()), type({}.values()), type({}.items())):
        return [to_json(item) for item in value]
    raise TypeError('a result of type %s has no JSON form' % kind.__name__)
