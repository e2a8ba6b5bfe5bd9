"""The tester's side: runs the tests against proxies of the solution's names, and alone decides.

It runs the row's test code and nothing of the solution. A test passes when the tester came to its end, and says so over
a channel that the solution never had.
"""
import _thread
import builtins
import io
import linecache
import operator
import os
import sys
import traceback
import types

from fleet_runner import solution
from fleet_runner.wire import Broken, Gone, Packer, Peer, SHARED_MODULES, Unpacker, by_name

TESTS = '/tmp/tests.py'
RESPONSE = '_response_'
COMPARISONS = {'lt': operator.lt, 'le': operator.le, 'gt': operator.gt, 'ge': operator.ge}
ARITHMETIC = 'add sub mul truediv floordiv mod pow matmul and or xor lshift rshift divmod'.split()
# Modules that tests speak of without importing them, by the name that they have there.
MODULE_NAMES = {name: name for name in SHARED_MODULES if '.' not in name} | {'np': 'numpy', 'sys': 'sys', 'os': 'os', 'time': 'time'}
EXECUTING = (builtins.eval, builtins.exec, builtins.compile, builtins.open, builtins.__import__)


class NoSuchName(Exception):
    """The solution does not define a name that the tests are about."""


class Remote:
    """An object that the solution keeps. For comparisons it is itself and nothing else.

    Where the object is a list, a string, a number with a class of its own, its plain content counts, judged here.
    `compared` marks what came of an operation that showed a value of the tests to the solution: nothing can be
    concluded from it, so it never turns into a value.
    """
    __slots__ = ('_peer', '_number', '_plain', '_compared', '__weakref__')

    def __init__(self, peer, number, plain, compared=False):
        for name, value in zip(Remote.__slots__, (peer, number, plain, compared)):
            object.__setattr__(self, name, value)

    def __getattr__(self, name):
        if name.startswith('__') and name not in ('__name__', '__doc__', '__qualname__', '__annotations__', '__dict__'):
            raise AttributeError(name)
        return self._peer.request('get', self, name)

    def __setattr__(self, name, value):
        self._peer.request('set', self, name, value)

    def __delattr__(self, name):
        self._peer.request('del', self, name)

    def __eq__(self, other):
        if other is self:
            return True
        if self._plain:
            return _content(self) == _content(other)
        if type(other) in (Remote, RemoteCallable):
            return self._peer.request('op', self, 'eq', other) is True
        return NotImplemented

    def __hash__(self):
        return hash(_content(self)) if self._plain else _exact(int, self._peer.request('op', self, 'hash'))

    def __bool__(self):
        return bool(_content(self)) if self._plain else _exact(bool, self._value('bool'))

    def __len__(self):
        return _exact(int, self._value('len'))

    def __iter__(self):
        return iter(_content(self)) if self._plain else _Iterator(self._value('iter'))

    def __next__(self):
        return self._value('next')

    def __reversed__(self):
        return _Iterator(self._value('reversed'))

    def __getitem__(self, key):
        return self._value('getitem', key)

    def __setitem__(self, key, value):
        self._value('setitem', key, value)

    def __delitem__(self, key):
        self._value('delitem', key)

    def __contains__(self, item):
        if self._plain:
            return item in _content(self)
        return any(item is one or item == one for one in self)

    def __str__(self):
        return _content(self).__str__() if self._plain else _exact(str, self._value('str'))

    def __repr__(self):
        return '<result of a comparison>' if self._compared else _exact(str, self._value('repr'))

    def __format__(self, how):
        return format(_content(self), how) if self._plain else _exact(str, self._value('format', how))

    def __int__(self):
        return int(_content(self)) if self._plain else _exact(int, self._value('int'))

    def __index__(self):
        return operator.index(_content(self)) if self._plain else _exact(int, self._value('index'))

    def __float__(self):
        return float(_content(self)) if self._plain else _exact(float, self._value('float'))

    def __complex__(self):
        return complex(_content(self)) if self._plain else _exact(complex, self._value('complex'))

    def __round__(self, *digits):
        return round(_content(self), *digits) if self._plain else self._kept('round', *digits)

    def __enter__(self):
        return self._value('enter')

    def __exit__(self, *error):
        self._value('exit')

    def _value(self, name, *arguments):
        if self._compared:
            raise TypeError('the solution returned an object, and what it says of a value of the tests proves nothing')
        return self._peer.request('op', self, name, *arguments)

    def _kept(self, name, *arguments):
        """The outcome of an operation as an object, whatever it is."""
        shown = self._compared or any(type(a) not in (Remote, RemoteCallable) or a._compared for a in arguments)
        number = self._peer.request('keep', self, name, *arguments)._number
        return Remote(self._peer, number, '', shown)


class RemoteCallable(Remote):
    """A function, class or other callable of the solution."""
    __slots__ = ()

    def __call__(self, *arguments, **named):
        return self._peer.request('call', self, *arguments, **named)

    def __get__(self, instance, owner):
        return self if instance is None else types.MethodType(self, instance)

    def __instancecheck__(self, other):
        return type(other) in (Remote, RemoteCallable) and _exact(
            bool, self._peer.request('op', self, 'isinstance', other))


class _Iterator:
    def __init__(self, remote):
        self.remote = remote

    def __iter__(self):
        return self

    def __next__(self):
        return next(self.remote)


def _binary(name):
    method = name + '_' if name in ('and', 'or') else name
    compute = builtins.divmod if name == 'divmod' else getattr(operator, method)

    def forward(self, other):
        if self._plain:
            return compute(_content(self), _content(other))
        return self._kept(method, other)

    def backward(self, other):
        if self._plain:
            return compute(other, _content(self))
        return self._kept('r' + name, other)

    setattr(Remote, '__%s__' % name, forward)
    setattr(Remote, '__r%s__' % name, backward)


def _unary(name):
    compute = getattr(operator, name)
    setattr(Remote, '__%s__' % name, lambda self: compute(_content(self)) if self._plain else self._kept(name))


def _comparison(name, compute):
    def compare(self, other):
        if self._plain:
            return compute(_content(self), _content(other))
        if type(other) in (Remote, RemoteCallable) and not self._compared and not other._compared:
            return self._peer.request('op', self, name, other) is True
        return NotImplemented
    setattr(Remote, '__%s__' % name, compare)


for _name in ARITHMETIC:
    _binary(_name)
for _name in ('neg', 'pos', 'abs', 'invert'):
    _unary(_name)
for _name, _compute in COMPARISONS.items():
    _comparison(_name, _compute)


def _content(value):
    """The plain content of a remote object that has one, any other value as it is."""
    if type(value) in (Remote, RemoteCallable) and value._plain:
        return value._peer.request('plain', value)
    return value


def _exact(kind, value):
    if type(value) is not kind:
        raise TypeError('the solution returned %s where %s is asked for' % (type(value).__name__, kind.__name__))
    return value


class TesterPeer(Peer):
    def __init__(self, descriptor):
        super().__init__(descriptor)
        self.remotes, self.exceptions, self.exception_numbers = {}, {}, {}
        self.lock = _thread.RLock()

    def request(self, what, target, *arguments, **named):
        with self.lock:
            packer = Packer(self)
            forms = packer.all(arguments)
            number = None if target is None else target._number
            reply = self.ask(['?', what, number, forms, {k: packer.pack(v) for k, v in named.items()}])
            outcome, form, changes, printed = reply
            unpacker = Unpacker(self, packer.containers)
            for index, items in changes:
                _refill(packer.containers[index], unpacker.all(items))
            if printed:
                sys.stdout.write(_exact(str, printed))
            value = unpacker.unpack(form)
        if outcome == 'raise':
            if what == 'call' and isinstance(value, StopIteration):
                # Whoever iterates over calls (map, all) would take it for the end of its own input.
                raise RuntimeError('the program raised StopIteration') from value
            raise value
        return value

    # What leaves this side.

    def pack_object(self, packer, value):
        kind = type(value)
        if kind in (Remote, RemoteCallable):
            return {'H': value._number}
        if isinstance(value, type) and value in self.exception_numbers:
            return {'H': self.exception_numbers[value]}
        if isinstance(value, BaseException):
            return {'x': self.pack_exception(packer, value)}
        if isinstance(value, tuple) and hasattr(kind, '_fields'):
            return {'nt': [kind.__name__, list(kind._fields), packer.all(tuple(value))]}
        shared = by_name(value)
        if shared:
            return shared
        if isinstance(value, types.ModuleType) or value in EXECUTING:
            raise TypeError('%r is not handed to the solution' % value)
        return {'h': [self.keep(value), '', '']}

    def pack_exception(self, packer, error):
        return [type(error).__name__, self.exception_numbers.get(type(error)), packer.all(error.args)]

    # What comes in.

    def unpack_object(self, unpacker, tag, body):
        if tag == 'H':
            return self.kept[_exact(int, body)]
        if tag == 'x':
            return self.unpack_exception(unpacker, body)
        if tag != 'h':
            raise Broken('a form called %.80r' % tag)
        number, what, more = body
        made = self.remotes.get(_exact(int, number))
        if made is None:
            if what == 'exception':
                made = self.exception_class(more)
            elif what == 'coroutine':
                made = self.awaitable(number)
            else:
                made = (Remote if what == 'object' else RemoteCallable)(self, number, _exact(str, more))
            self.remotes[number] = made
        return made

    async def awaitable(self, number):
        return self.request('await', Remote(self, number, ''))

    def exception_class(self, ancestry):
        """A class of ours for an exception class of the solution's: the builtin one, or a new one below it."""
        for depth, (module, name, number) in enumerate(ancestry):
            if number is not None:
                made = self.exceptions.get(number)
                if made is None:
                    base = self.exception_class(ancestry[depth + 1:])
                    made = self.exceptions[number] = type(_exact(str, name).rpartition('.')[2], (base,), {'__module__': 'solution'})
                    self.exception_numbers[made] = number
                return made
            known = _exception(module, name)
            if known:
                return known
        return Exception

    def unpack_exception(self, unpacker, body):
        ancestry, forms, number = body
        kind = self.exception_class(ancestry)
        arguments = unpacker.all(forms)
        try:
            error = kind(*arguments)
        except Exception:
            error = kind.__new__(kind)
            error.args = tuple(arguments)
        if kind in self.exception_numbers:
            error._fleet_remote = Remote(self, number, '')
            kind.__getattr__ = lambda self, name: _attribute(self, name)
        error._fleet_from_solution = True
        return error

    # What the solution asks of objects that the tests handed to it.

    def answer(self, request):
        what, number, forms, named = request
        try:
            target = self.kept[_exact(int, number)]
            unpacker = Unpacker(self)
            arguments = unpacker.all(forms)
            packer = Packer(self, ((id(c), {'a': i}) for i, c in enumerate(unpacker.containers)))
            value = self.do(what, target, arguments, {name: unpacker.unpack(form) for name, form in named.items()})
            self.send(['ok', packer.pack(value)])
        except Exception as error:
            self.send(['raise', {'x': self.pack_exception(Packer(self), error)}])

    def do(self, what, target, arguments, named):
        if what == 'call':
            return target(*arguments, **named)
        if what == 'op' and arguments[0] in solution.OPERATIONS:
            return solution.OPERATIONS[arguments[0]](target, *arguments[1:])
        name = _exact(str, arguments[0])
        if isinstance(target, (types.FunctionType, types.MethodType, types.BuiltinFunctionType)) or name.startswith('_'):
            raise AttributeError(name)
        if what == 'get':
            return getattr(target, name)
        # An attribute may get a new value; a method of the tests' own class may not be replaced.
        import inspect
        own = inspect.getattr_static(type(target), name, None)
        if what == 'set' and not callable(own) and not isinstance(own, (staticmethod, classmethod, property)):
            return setattr(target, name, arguments[1])
        raise AttributeError(name)


def _attribute(error, name):
    if name.startswith('_'):
        raise AttributeError(name)
    return getattr(error._fleet_remote, name)


def _exception(module, name):
    """An exception class of Python itself, none of a test framework's, whose exceptions would mean something here."""
    if type(module) is not str or type(name) is not str or module.partition('.')[0] in ('unittest', 'pytest', '_pytest'):
        return None
    if module != 'builtins' and module.partition('.')[0] not in sys.stdlib_module_names and module not in SHARED_MODULES:
        return None
    loaded = sys.modules.get(module)
    made = getattr(loaded, name, None) if loaded else None
    return made if isinstance(made, type) and issubclass(made, BaseException) else None


def _refill(container, items):
    """Gives a container of the tests the content that the solution left in its copy."""
    if isinstance(container, dict):
        container.clear()
        dict.update(container, zip(items[::2], items[1::2]))
    elif type(container).__module__ == 'numpy':
        if container.shape == items[0].shape:
            container[...] = items[0]
    elif isinstance(container, bytearray):
        container[:] = items[0]
    elif isinstance(container, set):
        container.clear()
        container.update(items)
    elif isinstance(container, list):
        container[:] = items
    else:
        container.clear()
        container.extend(items)


class TestNames(dict):
    """The global names of the test code: its own first, then the solution's, then those that are always there.

    Builtins and modules are never taken from the solution, save the name under test.
    """

    def __init__(self, peer, entry_point, name, code):
        super().__init__(__name__=name, __builtins__=builtins, __file__=TESTS)
        self.peer, self.entry_point, self.code = peer, entry_point, code

    def __missing__(self, name):
        if name != self.entry_point and (
                name in solution.PRELUDE.MODULES or name in MODULE_NAMES and _is_used_as_module(self.code, name)):
            # Always the real one, whatever the solution calls by that name; unless that is what is tested.
            self[name] = __import__(MODULE_NAMES.get(name, name))
            return self[name]
        if self.peer is not None and not name.startswith('__') and (name == self.entry_point or not hasattr(builtins, name)):
            try:
                value = self.peer.request('name', None, name)
                if isinstance(value, (RemoteCallable, type, types.ModuleType)):
                    self[name] = value  # Data may be another value next time; a function is asked for once.
                return value
            except NameError as error:
                if not getattr(error, '_fleet_from_solution', False):
                    raise
        if name in solution.PRELUDE:
            return solution.PRELUDE(name)
        raise KeyError(name)

    def under_test(self, path):
        """What the tests are about: a name, or a method of a fresh instance (`Solution().name`)."""
        name, _, method = path.partition('.')
        try:
            value = self[name.removesuffix('()')]
            if name.endswith('()'):
                value = value()
            return getattr(value, method) if method else value
        except KeyError:
            pass
        try:
            return getattr(self['Solution'](), path)
        except (KeyError, AttributeError):
            raise NoSuchName('the program does not define %s' % path) from None


class SolutionModule(types.ModuleType):
    """What `import solution` means in a test."""

    def __init__(self, names):
        super().__init__('solution')
        self.__dict__['_names'] = names

    def __getattr__(self, name):
        if name == '__all__':
            return self._names.peer.request('names', None)
        if name.startswith('__'):
            raise AttributeError(name)
        try:
            return self._names.__missing__(name)
        except KeyError:
            raise AttributeError(name) from None


class TestsBroken(Exception):
    """The row's own tests cannot be run."""


def compiled(code):
    linecache.cache[TESTS] = (len(code), None, code.splitlines(True), TESTS)
    try:
        return compile(code, TESTS, 'exec', dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        raise TestsBroken('the test code does not compile: %s' % error) from None


def run(tests, peer):
    """Runs one test case. Returns how many tests it held, 1 where they are not counted."""
    kind, code = tests['kind'], tests['code']
    if kind == 'text':
        code = code.replace('{response}', RESPONSE)
    names = TestNames(peer, tests.get('entry_point'), '__main__' if kind != 'pytest' else 'test_solution', code)
    sys.modules['solution'] = SolutionModule(names)
    program = compiled(code)
    if tests.get('prefix'):
        exec(compiled(tests['prefix']), names)
        compiled(code)
    if kind == 'text':
        names[RESPONSE] = tests['response']
    framework = kind == 'pytest' or any(word in code for word in ('def test', 'unittest', 'TestCase'))
    if framework:
        from fleet_runner import testing
        return testing.run(names, code, program, counted=kind == 'pytest')
    exec(program, names)
    check = dict.get(names, 'check')
    if kind == 'check_based':
        if check is None:
            raise TestsBroken('the test code defines no function check')
        check(names.under_test(tests['entry_point']))
    elif check is not None and tests.get('entry_point') and not _calls(code, 'check'):
        check(names.under_test(tests['entry_point']))
    return 1


def _is_used_as_module(code, name):
    """Whether the tests only ever ask for attributes of the name."""
    import ast
    tree = ast.parse(code)
    named = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == name]
    asked = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return all(id(node) in asked for node in named)


def _calls(code, name):
    import ast
    return any(isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
               for node in ast.walk(ast.parse(code)))


def judge(tests, descriptor):
    """The verdict on one test case. `descriptor` leads to the solution, None where there is none."""
    sys.setrecursionlimit(10_000)
    sys.stdout = io.StringIO()
    sys.path.insert(0, '/nonexistent')
    say = {}
    try:
        peer = None
        if descriptor is not None:
            peer = TesterPeer(descriptor)
            state = peer.receive()
            if state[0] != 'ready':
                say = {'verdict': 'failed', 'cause': 'load', 'message': '%.200s: %.2000s' % tuple(state[1:3])}
        if not say:
            say = {'verdict': 'passed', 'tests': run(tests, peer)}
    except Gone:
        say = {'verdict': 'failed', 'cause': 'gone', 'message': 'the program ended before its tests did'}
    except TestsBroken as error:
        say = {'verdict': 'broken', 'message': str(error)}
    except NoSuchName as error:
        say = {'verdict': 'failed', 'cause': 'missing', 'message': str(error)}
    except BaseException as error:
        say = {'verdict': 'failed', 'cause': 'assertion' if isinstance(error, AssertionError) else 'error',
               'message': describe(error)}
    return say


def describe(error):
    """What went wrong and in which line of the tests."""
    try:
        text = '%s: %s' % (type(error).__name__, str(error)[:1000]) if str(error) else type(error).__name__
    except BaseException:
        text = type(error).__name__
    lines = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == TESTS]
    return '%s (line %d of the tests: %s)' % (text, lines[-1].lineno, lines[-1].line[:300]) if lines else text
