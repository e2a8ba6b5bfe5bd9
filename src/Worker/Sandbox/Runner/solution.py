"""The solution's side: loads the program and does what the tester asks of its names.

Everything here runs in the hands of the program, which may change any of it. Nothing that it says is believed: the
tester takes plain data from it and judges that.
"""
import builtins
import io
import operator
import os
import sys
import types
import typing

from fleet_runner import programs
from fleet_runner.wire import Gone, Packer, Peer, Unpacker, by_name

PLAIN = (bool, int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset)



class Prelude:
    """The names that function tests, and the programs for them, may use without importing them."""

    MODULES = frozenset('math collections itertools functools heapq bisect re string random'.split())
    TYPING = frozenset(typing.__all__)

    def __contains__(self, name):
        return name in self.MODULES or name in self.TYPING

    def __call__(self, name):
        return __import__(name) if name in self.MODULES else getattr(typing, name)


PRELUDE = Prelude()
CAPTURED = io.TextIOWrapper(io.BytesIO(), 'utf-8', 'backslashreplace', write_through=True)


def _next(value):
    return next(value)


OPERATIONS = {name: getattr(operator, name) for name in
              '''lt le gt ge eq ne add sub mul truediv floordiv mod pow matmul and_ or_ xor lshift rshift neg pos invert
              abs getitem setitem delitem contains index'''.split()}
OPERATIONS.update(len=len, iter=iter, next=_next, str=str, repr=repr, bool=bool, int=int, float=float, complex=complex,
                  hash=hash, round=round, reversed=reversed, format=format, divmod=divmod,
                  enter=lambda value: value.__enter__(), exit=lambda value: value.__exit__(None, None, None))


class TesterObject:
    """An object of the tester's: a function to call, or an instance of a class that the tests define."""

    def __init__(self, peer, number):
        self.__dict__['_fleet'] = peer, number

    def _do(self, what, *arguments, **named):
        peer, number = self.__dict__['_fleet']
        return peer.request(what, number, arguments, named)

    def __call__(self, *arguments, **named):
        return self._do('call', *arguments, **named)

    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        return self._do('get', name)

    def __setattr__(self, name, value):
        self._do('set', name, value)

    def __hash__(self):
        return hash(self.__dict__['_fleet'][1])


def _operation(name):
    return lambda self, *arguments: self._do('op', name, *arguments)


for _name in 'len iter next str repr getitem setitem delitem contains lt le gt ge eq ne add sub mul bool int float'.split():
    setattr(TesterObject, '__%s__' % _name, _operation(_name))


class SolutionPeer(Peer):
    def __init__(self, descriptor, module):
        super().__init__(descriptor)
        self.module, self.foreign = module, {}

    # What leaves this side.

    def pack_object(self, packer, value):
        kind = type(value)
        if kind is TesterObject:
            return {'H': value.__dict__['_fleet'][1]}
        shared = by_name(value)
        if shared:
            return shared
        if isinstance(value, tuple) and hasattr(kind, '_fields'):
            return {'nt': [kind.__name__, list(kind._fields), packer.all(tuple(value))]}
        if isinstance(value, type) and issubclass(value, BaseException):
            return {'h': [self.keep(value), 'exception', self.ancestry(value)]}
        if isinstance(value, BaseException):
            return {'x': self.pack_exception(packer, value)}
        if kind is types.CoroutineType:
            return {'h': [self.keep(value), 'coroutine', '']}
        what = 'class' if isinstance(value, type) else 'callable' if callable(value) else 'object'
        plain = next((base.__name__ for base in PLAIN if isinstance(value, base)), '')
        return {'h': [self.keep(value), what, plain]}

    def ancestry(self, kind):
        return [[c.__module__, c.__qualname__, self.keep(c) if c.__module__ == self.module.__name__ else None]
                for c in kind.__mro__ if issubclass(c, BaseException)]

    def pack_exception(self, packer, error):
        try:
            arguments = packer.all(error.args)
        except Exception:
            arguments = [str(error)]
        return [self.ancestry(type(error)), arguments, self.keep(error)]

    # What comes in.

    def unpack_object(self, unpacker, tag, body):
        if tag == 'H':
            return self.kept[body]
        if tag == 'h':
            made = self.foreign.get(body[0])
            if made is None:
                made = self.foreign[body[0]] = TesterObject(self, body[0])
            return made
        if tag == 'x':
            return self.unpack_exception(unpacker, body)
        raise ValueError(tag)

    def unpack_exception(self, unpacker, body):
        kind = self.kept[body[1]] if body[1] is not None else getattr(builtins, body[0], Exception)
        return kind(*unpacker.all(body[2]))

    def request(self, what, number, arguments, named):
        """Asks the tester to do something with one of its objects."""
        packer = Packer(self)
        reply = self.ask(['?', what, number, packer.all(arguments), {k: packer.pack(v) for k, v in named.items()}])
        unpacker = Unpacker(self, packer.containers)
        value = unpacker.unpack(reply[1])
        if reply[0] == 'raise':
            raise value
        return value

    # What the tester asks.

    def serve(self):
        try:
            while True:
                self.answer(self.receive()[1:])
        except Gone:
            os._exit(0)

    def answer(self, request):
        what, number, forms, named = request
        unpacker = Unpacker(self)
        packer = None
        try:
            arguments = unpacker.all(forms)
            named = {name: unpacker.unpack(form) for name, form in named.items()}
            before = [_contents(container) for container in unpacker.containers]
            held = [{'a': index} for index in range(len(before))]
            packer = Packer(self, zip(map(id, unpacker.containers), held))
            try:
                value = self.do(what, None if number is None else self.kept[number], arguments, named)
                reply = ['keep', {'h': [self.keep(value), 'object', '']}] if what == 'keep' else ['ok', packer.pack(value)]
            except BaseException as error:
                reply = ['raise', {'x': self.pack_exception(packer, error)}]
            reply.append([[index, packer.all(after)] for index, (container, was) in enumerate(zip(unpacker.containers, before))
                          if (after := _changed(container, was)) is not None])
        except Exception as error:
            reply = ['raise', {'x': self.pack_exception(Packer(self), error)}, []]
        reply.append(self.printed())
        self.send(reply)

    def do(self, what, target, arguments, named):
        if what == 'call':
            return target(*arguments, **named)
        if what == 'get':
            return getattr(target, arguments[0])
        if what in ('op', 'keep'):
            return OPERATIONS[arguments[0]](target, *arguments[1:])
        if what == 'name':
            return self.name(arguments[0])
        if what == 'set':
            return setattr(target, *arguments)
        if what == 'del':
            return delattr(target, *arguments)
        if what == 'plain':
            base = next(base for base in PLAIN if isinstance(target, base))
            return base.__new__(base, target) if base not in (list, dict, set, bytearray) else base(base.copy(target))
        if what == 'await':
            import asyncio
            return asyncio.run(target)
        if what == 'names':
            return [name for name in self.module.__dict__ if self.defines(name)]
        raise ValueError(what)

    def defines(self, name):
        names = self.module.__dict__
        return name in names and not name.startswith('__') and not (name in PRELUDE and names[name] is PRELUDE(name))

    def name(self, name):
        if not self.defines(name):
            raise NameError(name)
        return self.module.__dict__[name]

    def printed(self):
        """What the program printed since the last answer, for tests that read it."""
        text = CAPTURED.buffer.getvalue()
        if text:
            CAPTURED.buffer.seek(0)
            CAPTURED.buffer.truncate()
        return text[:1 << 20].decode('utf-8', 'replace')


def _contents(container):
    """The items of a container now, to see later whether they are still the same objects."""
    if isinstance(container, dict):
        return [part for pair in dict.items(container) for part in pair]
    if isinstance(container, (bytearray,)) or type(container).__module__ == 'numpy':
        return container.copy()
    return list(container)


def _changed(container, before):
    """The items of a container that changed, None of one that did not."""
    now = _contents(container)
    if isinstance(now, list):
        return now if len(now) != len(before) or any(a is not b for a, b in zip(now, before)) else None
    if type(now) is bytearray:
        return [bytes(now)] if now != before else None
    return [now] if now.shape != before.shape or now.tobytes() != before.tobytes() else None


def main(source, descriptor):
    """Loads the program, says how that went, and serves the tester until it is done."""
    module = types.ModuleType('solution')
    peer = SolutionPeer(descriptor, module)
    sys.argv = ['/tmp/solution.py']
    sys.path.insert(0, '/tmp')
    try:
        programs.load(source, module, '/tmp/solution.py', PRELUDE)
    except BaseException as error:
        peer.send(['failed', type(error).__name__, str(error)[:2000]])
        programs.leave(lambda: (_ for _ in ()).throw(error))
    sys.stdout = CAPTURED
    peer.send(['ready'])
    peer.serve()
