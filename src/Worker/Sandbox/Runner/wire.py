"""Values between the solution and the tester: two processes that call each other over one socket.

What crosses is data. A value of an exact plain type crosses as what it holds; everything else crosses as a handle, a
number under which its owner keeps it. No class, code or method of one side ever runs on the other, so an object that
claims to equal everything is, for the tester, just an object.

JSON forms: scalars are themselves, a JSON list is a list, and every other type is an object with a single key.
"""
import base64
import builtins
import collections
import importlib
import json
import os
import struct
import sys
import types

LENGTH = struct.Struct('<I')
LARGEST = 64 << 20
EXACT = 1 << 53

# Modules whose functions and classes are the same on both sides, and do nothing but compute.
SHARED_MODULES = frozenset('''bisect cmath collections collections.abc copy datetime decimal fractions functools heapq
itertools json math numbers numpy operator random re statistics string sympy textwrap typing'''.split())
# Builtins that reach into their process; a name that the other side sends never means one of these.
PRIVATE_BUILTINS = frozenset('''__import__ breakpoint compile delattr eval exec exit getattr globals help input locals
memoryview open print quit setattr super type vars'''.split())
NOT_IMPORTED = frozenset('antigravity idlelib lib2to3 test this turtle turtledemo unittest'.split())


class Gone(BaseException):
    """The other process has ended."""


class Broken(Exception):
    """The other process sent something that is no value."""


class Packer:
    """Turns the values of one message into forms; `containers` are its mutable containers, in order of appearance."""

    def __init__(self, peer, seen=()):
        self.peer, self.seen, self.containers = peer, dict(seen), []

    def pack(self, value):
        kind = type(value)
        if value is None or kind is bool or kind is str or kind is float:
            return value
        if kind is int:
            return value if -EXACT < value < EXACT else {'i': hex(value)}
        if id(value) in self.seen:
            return self.seen[id(value)]
        pack = PACK.get(kind) or PACK_BY_NAME.get('%s.%s' % (kind.__module__, kind.__qualname__))
        if pack is not None:
            return pack(self, value)
        return pack_numpy(self, value) or self.peer.pack_object(self, value)

    def all(self, values):
        return [self.pack(value) for value in values]

    def pairs(self, mapping):
        return [self.pack(part) for pair in mapping.items() for part in pair]

    def own(self, container):
        self.seen[id(container)] = {'r': len(self.containers)}
        self.containers.append(container)


class Unpacker:
    """The other way round. A container is registered before its contents, so cycles come out as they went in."""

    def __init__(self, peer, arguments=()):
        self.peer, self.arguments, self.containers = peer, arguments, []

    def unpack(self, form):
        kind = type(form)
        if kind is list:
            made = self.own([])
            made.extend(self.unpack(item) for item in form)
            return made
        if kind is not dict:
            return form
        if len(form) != 1:
            raise Broken('a form with %d keys' % len(form))
        (tag, body), = form.items()
        unpack = UNPACK.get(tag)
        return unpack(self, body) if unpack else self.peer.unpack_object(self, tag, body)

    def all(self, forms):
        return [self.unpack(form) for form in forms]

    def pairs(self, forms):
        parts = self.all(forms)
        return zip(parts[::2], parts[1::2])

    def own(self, container):
        self.containers.append(container)
        return container

    def filled(self, container, fill, forms):
        self.own(container)
        fill(container)(self.pairs(forms) if isinstance(container, dict) else self.all(forms))
        return container


def _pack_list(packer, value):
    packer.own(value)
    return packer.all(value)


def _pack_mutable(tag, contents):
    def pack(packer, value):
        packer.own(value)
        return {tag: contents(packer, value)}
    return pack


def _pack_builtin_function(packer, value):
    name = value.__name__
    if value.__module__ == 'builtins' and builtins.__dict__.get(name) is value and name not in PRIVATE_BUILTINS:
        return {'bf': name}
    return packer.peer.pack_object(packer, value)


PACK = {
    list: _pack_list,
    tuple: lambda p, v: {'t': p.all(v)},
    dict: _pack_mutable('d', Packer.pairs),
    set: _pack_mutable('s', Packer.all),
    frozenset: lambda p, v: {'fs': p.all(v)},
    bytes: lambda p, v: {'b': base64.b64encode(v).decode()},
    bytearray: _pack_mutable('B', lambda p, v: base64.b64encode(v).decode()),
    complex: lambda p, v: {'c': [v.real, v.imag]},
    range: lambda p, v: {'R': p.all((v.start, v.stop, v.step))},
    slice: lambda p, v: {'sl': p.all((v.start, v.stop, v.step))},
    type(...): lambda p, v: {'k': 'Ellipsis'},
    type(NotImplemented): lambda p, v: {'k': 'NotImplemented'},
    collections.Counter: _pack_mutable('C', Packer.pairs),
    collections.OrderedDict: _pack_mutable('O', Packer.pairs),
    collections.defaultdict: _pack_mutable('dd', lambda p, v: [p.pack(v.default_factory), p.pairs(v)]),
    collections.deque: _pack_mutable('D', lambda p, v: [p.all(v), v.maxlen]),
    types.BuiltinFunctionType: _pack_builtin_function,
}


def _pack_datetime(packer, value):
    offset = value.utcoffset()
    return {'dtm': [value.replace(tzinfo=None).isoformat(), None if offset is None else offset.total_seconds()]}


# By name, for a process that has no such value need not have loaded the module.
PACK_BY_NAME = {
    'fractions.Fraction': lambda p, v: {'F': [hex(v.numerator), hex(v.denominator)]},
    'decimal.Decimal': lambda p, v: {'M': str(v)},
    'datetime.date': lambda p, v: {'y': ['date', [v.year, v.month, v.day]]},
    'datetime.timedelta': lambda p, v: {'y': ['timedelta', [v.days, v.seconds, v.microseconds]]},
    'datetime.datetime': _pack_datetime,
}


def _constant(unpacker, name):
    return {'Ellipsis': ..., 'NotImplemented': NotImplemented}[name]


def _unpack_bytearray(unpacker, body):
    return unpacker.own(bytearray(base64.b64decode(body)))


def _unpack_default(unpacker, body):
    made = unpacker.own(collections.defaultdict())
    made.default_factory = unpacker.unpack(body[0])
    made.update(unpacker.pairs(body[1]))
    return made


def _unpack_deque(unpacker, body):
    made = unpacker.own(collections.deque(maxlen=body[1]))
    made.extend(unpacker.all(body[0]))
    return made


def _unpack_counter(unpacker, body):
    made = unpacker.own(collections.Counter())
    dict.update(made, unpacker.pairs(body))
    return made


def _unpack_builtin_function(unpacker, name):
    if name in PRIVATE_BUILTINS or not callable(builtins.__dict__.get(name)):
        raise Broken('a builtin called %.80r' % name)
    return builtins.__dict__[name]


UNPACK = {
    'i': lambda u, b: int(b, 16),
    'r': lambda u, b: u.containers[b],
    'a': lambda u, b: u.arguments[b],
    't': lambda u, b: tuple(u.all(b)),
    'd': lambda u, b: u.filled({}, lambda c: c.update, b),
    's': lambda u, b: u.filled(set(), lambda c: c.update, b),
    'fs': lambda u, b: frozenset(u.all(b)),
    'b': lambda u, b: base64.b64decode(b),
    'B': _unpack_bytearray,
    'c': lambda u, b: complex(*b),
    'R': lambda u, b: range(*u.all(b)),
    'sl': lambda u, b: slice(*u.all(b)),
    'k': _constant,
    'C': _unpack_counter,
    'O': lambda u, b: u.filled(collections.OrderedDict(), lambda c: c.update, b),
    'dd': _unpack_default,
    'D': _unpack_deque,
    'F': lambda u, b: importlib.import_module('fractions').Fraction(int(b[0], 16), int(b[1], 16)),
    'M': lambda u, b: importlib.import_module('decimal').Decimal(b),
    'y': lambda u, b: _unpack_datetime_part(*b),
    'bf': _unpack_builtin_function,
    'ty': lambda u, b: _builtin_type(b),
    'fn': lambda u, b: _shared(*b),
    'm': lambda u, b: _module(b),
    'nt': lambda u, b: _named_tuple(b[0], tuple(b[1]))(*u.all(b[2])),
    'n': lambda u, b: u.own(_unpack_array(b)),
    'N': lambda u, b: _unpack_array([b[0], [], b[1]])[()],
    'dtm': lambda u, b: _unpack_datetime(b),
}


def _unpack_datetime_part(name, parts):
    import datetime
    return {'date': datetime.date, 'timedelta': datetime.timedelta}[name](*parts)


def _unpack_datetime(body):
    import datetime
    made = datetime.datetime.fromisoformat(body[0])
    if body[1] is None:
        return made
    return made.replace(tzinfo=datetime.timezone(datetime.timedelta(seconds=body[1])))



def pack_numpy(packer, value):
    numpy = sys.modules.get('numpy')
    if numpy is None:
        return None
    kind = type(value)
    if kind is numpy.ndarray and value.dtype.kind in 'biufcSUmM':
        packer.own(value)
        return {'n': [value.dtype.str, list(value.shape), base64.b64encode(value.tobytes()).decode()]}
    if issubclass(kind, numpy.generic) and kind.__module__ == 'numpy' and value.dtype.kind in 'biufcSUmM':
        return {'N': [value.dtype.str, base64.b64encode(value.tobytes()).decode()]}
    return None


def _unpack_array(body):
    import numpy
    kind = numpy.dtype(body[0])
    if kind.kind not in 'biufcSUmM':
        raise Broken('an array of %s' % kind)
    return numpy.frombuffer(base64.b64decode(body[2]), kind).reshape(body[1]).copy()


def _builtin_type(name):
    kind = builtins.__dict__.get(name)
    if not isinstance(kind, type):
        raise Broken('a type called %.80r' % name)
    return kind


def _shared(module, name):
    if module not in SHARED_MODULES or name.startswith('_'):
        raise Broken('%.80s.%.80s' % (module, name))
    return getattr(importlib.import_module(module), name)


def _module(name):
    top = name.partition('.')[0]
    if name not in SHARED_MODULES and (top not in sys.stdlib_module_names or top in NOT_IMPORTED or top.startswith('_')):
        raise Broken('a module called %.80r' % name)
    return importlib.import_module(name)


NAMED_TUPLES = {}


def _named_tuple(name, fields):
    made = NAMED_TUPLES.get((name, fields))
    if made is None:
        made = NAMED_TUPLES[name, fields] = collections.namedtuple(name, fields, rename=True)
    return made


def by_name(value):
    """The form of a function, class or module that both sides have under the same name, or None."""
    if isinstance(value, types.ModuleType):
        known = value.__name__ in SHARED_MODULES or value.__name__.partition('.')[0] in sys.stdlib_module_names
        return {'m': value.__name__} if known and sys.modules.get(value.__name__) is value else None
    if not callable(value) and getattr(type(value), '__module__', None) != 'typing':
        return None
    name, module = getattr(value, '__name__', None), getattr(value, '__module__', None)
    if type(name) is not str or type(module) is not str:
        return None
    if isinstance(value, type) and builtins.__dict__.get(name) is value:
        return {'ty': name}
    module = {'_operator': 'operator', '_functools': 'functools', '_heapq': 'heapq', '_bisect': 'bisect',
              '_collections': 'collections'}.get(module, module)
    if module in SHARED_MODULES and sys.modules.get(module) and getattr(sys.modules[module], name, None) is value:
        return {'fn': [module, name]}
    return None


class Peer:
    """One end of the socket: asks, and answers while it waits for an answer."""

    def __init__(self, descriptor):
        self.descriptor, self.read = descriptor, b''
        self.kept, self.numbers = [], {}

    def send(self, message):
        data = json.dumps(message).encode()
        data = LENGTH.pack(len(data)) + data
        try:
            while data:
                data = data[os.write(self.descriptor, data):]
        except (BrokenPipeError, ConnectionResetError):
            raise Gone from None

    def receive(self):
        while len(self.read) < LENGTH.size:
            self._more()
        length, = LENGTH.unpack_from(self.read)
        if length > LARGEST:
            raise Broken('a message of %d bytes' % length)
        end = LENGTH.size + length
        if len(self.read) < end:
            parts, missing = [self.read], end - len(self.read)
            while missing > 0:
                self.read = b''
                self._more()
                parts.append(self.read)
                missing -= len(self.read)
            self.read = b''.join(parts)
        message, self.read = self.read[LENGTH.size:end], self.read[end:]
        return json.loads(message)

    def _more(self):
        try:
            part = os.read(self.descriptor, 1 << 16)
        except ConnectionResetError:
            part = b''
        if not part:
            raise Gone
        self.read += part

    def ask(self, message):
        """Sends a request; answers the other side's requests until its answer comes."""
        self.send(message)
        while True:
            reply = self.receive()
            if reply[0] != '?':
                return reply
            self.answer(reply[1:])

    def keep(self, value):
        """The number under which the other side may refer to an object of ours."""
        number = self.numbers.get(id(value))
        if number is None:
            number = self.numbers[id(value)] = len(self.kept)
            self.kept.append(value)
        return number
