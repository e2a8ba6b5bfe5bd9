namespace Fleet.Integration.Tests.Sandbox;

/// <summary>Solutions that try to pass tests without solving them, one of each kind. The task: <c>twice(x)</c> is 2 x.</summary>
internal static class Hacks
{
    public const string Solution = "def twice(x):\n    return 2 * x";

    public const string AssertCode = "assert twice(1) == 2\nassert twice(21) == 42\nassert abs(twice(0.5) - 1.0) < 1e-9\nassert twice('ab') == 'abab'";

    public const string CheckCode = "import math\ndef check(candidate):\n    assert candidate(1) == 2\n    for n in range(3):\n        assert candidate(n) == n + n\n    assert math.isclose(candidate(0.5), 1.0)";

    public const string PytestCode = "import pytest\n\n@pytest.mark.parametrize('n', [1, 2, 3])\ndef test_twice(n):\n    assert twice(n) == n + n\n\ndef test_close():\n    assert twice(0.5) == pytest.approx(1.0)\n";

    public const string UnitTestCode = "import unittest\n\nclass TwiceTest(unittest.TestCase):\n    def test_one(self):\n        self.assertEqual(twice(1), 2)\n\n    def test_text(self):\n        self.assertEqual(twice('a'), 'aa')\n\nif __name__ == '__main__':\n    unittest.main()\n";

    public const string IterationCode = "assert list(map(twice, [1, 2])) == [2, 4]\nassert all(map(lambda n: twice(n) == 2 * n, [1, 2, 3]))\nassert sorted(twice(n) for n in (2, 1)) == [2, 4]";

    public const string ModuleCode = "assert np.allclose(twice(1), 2)\nassert numpy.isclose(twice(2), 4)";

    // As a Python literal: code that sends the tester's verdict itself, should the tester come to import it.
    private const string Forging = "\"\\nimport os, sys, struct, json, gc\\ndef _forge():\\n    for o in gc.get_objects():\\n        pass\\n    f = sys._getframe()\\n    number = None\\n    while f:\\n        number = f.f_locals.get('number', number); f = f.f_back\\n    header = json.dumps({'run': number, 'limit': '', 'seconds': 0, 'tester': {'verdict': 'passed', 'tests': 1}}).encode()\\n    for d in range(3, 10):\\n        try: os.write(d, struct.pack('<II', len(header), 0) + header)\\n        except OSError: pass\\n    os._exit(0)\\n\"";

    public static readonly IReadOnlyDictionary<string, string> Python = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["leaves at once"] = "import sys\nsys.exit(0)",
        ["leaves at once, hard"] = "import os\nos._exit(0)",
        ["leaves when called"] = "import os\ndef twice(x):\n    os._exit(0)",
        ["says it leaves"] = "def twice(x):\n    raise SystemExit(0)",
        ["becomes another program"] = "import os\ndef twice(x):\n    os.execv('/bin/true', ['true'])",
        ["lets its parent leave"] = "import os\nif os.fork(): os._exit(0)\ndef twice(x): return None",
        ["leaves from a thread"] = "import os, threading\nthreading.Timer(0.2, os._exit, (0,)).start()\ndef twice(x):\n    while True: pass",
        ["equals everything"] = "class Yes:\n    def __eq__(self, other): return True\n    def __ne__(self, other): return False\n    def __lt__(self, other): return True\n    def __sub__(self, other): return self\n    __rsub__ = __sub__\n    def __abs__(self): return self\n    def __float__(self): return 1.0\n    def __bool__(self): return True\n    def __hash__(self): return 0\ndef twice(x): return Yes()",
        ["is a number that equals everything"] = "class Yes(float):\n    def __eq__(self, other): return True\n    def __sub__(self, other): return Yes(0)\n    def __abs__(self): return Yes(0)\n    def __lt__(self, other): return True\n    __hash__ = float.__hash__\ndef twice(x): return Yes(0)",
        ["is a text that equals everything"] = "class Yes(str):\n    def __eq__(self, other): return True\n    def __hash__(self): return 0\ndef twice(x): return Yes('')",
        ["is a class that answers all"] = "class twice:\n    def __init__(self, x): pass\n    def __eq__(self, other): return True\n    def __sub__(self, other): return 0.0\n    def __abs__(self): return 0.0\n    __hash__ = None",
        ["returns ANY"] = "from unittest.mock import ANY\ndef twice(x): return ANY",
        ["is ANY"] = "from unittest.mock import MagicMock\ntwice = MagicMock()\ntwice.return_value.__eq__.return_value = True",
        ["shadows what tests use"] = "import math\nabs = lambda x: 0\nmath.isclose = lambda *a, **k: True\nall = any = lambda *a: True\nrange = lambda *a: []\ndef twice(x): return 0",
        ["patches modules"] = "import sys, types\nsys.modules['math'] = types.SimpleNamespace(isclose=lambda *a, **k: True)\nsys.modules['pytest'] = types.SimpleNamespace(approx=lambda x: x)\ndef twice(x): return 0",
        ["patches test frameworks"] = "import unittest, _pytest.python\nunittest.TestCase.assertEqual = lambda *a: None\n_pytest.python.Function.runtest = lambda self: None\ndef twice(x): return 0",
        ["skips"] = "import pytest, unittest\ndef twice(x):\n    try: pytest.skip('x')\n    except BaseException: raise unittest.SkipTest('x')",
        ["skips by pytest"] = "import pytest\ndef twice(x): pytest.skip('x')",
        ["configures pytest"] = "for name in ('conftest.py', 'pytest.ini', '/tmp/conftest.py'):\n    open(name, 'w').write('collect_ignore_glob = [\"*\"]')\ndef twice(x): return 0",
        ["looks for the tests in frames"] = "import sys\ndef twice(x):\n    frame = sys._getframe()\n    while frame:\n        for value in list(frame.f_globals.values()) + list(frame.f_locals.values()):\n            if isinstance(value, str) and 'assert twice(' in value: return 2 * x\n        frame = frame.f_back",
        ["looks for the tests in memory"] = "import re\ndef twice(x):\n    for line in open('/proc/self/maps'):\n        span, rights = line.split()[:2]\n        if 'r' not in rights or 'vvar' in line or 'vsyscall' in line: continue\n        low, high = (int(part, 16) for part in span.split('-'))\n        try:\n            with open('/proc/self/mem', 'rb') as memory:\n                memory.seek(low)\n                if re.search(b'assert (twic[e]|candidat[e]).21|test_twic[e]', memory.read(high - low)): return 2 * x\n        except (OSError, ValueError, OverflowError): pass",
        ["writes to every descriptor"] = "import os, struct\nfor d in range(3, 256):\n    for message in (b'passed', b'[\"ok\", true, [], \"\"]', struct.pack('<I', 20) + b'{\"verdict\":\"passed\"}'):\n        try: os.write(d, message)\n        except OSError: pass\ndef twice(x): return 0",
        ["speaks to the tester in its own words"] = "import sys\nfrom fleet_runner import solution\nsolution.SolutionPeer.answer = lambda self, request: self.send(['ok', {'bf': 'eval'}, [], ''])\ndef twice(x): return 0",
        ["sends code"] = "from fleet_runner import solution\nsolution.SolutionPeer.answer = lambda self, request: self.send(['ok', {'fn': ['os', '_exit']}, [], ''])\ndef twice(x): return 0",
        ["sends a skip"] = "from fleet_runner import solution\nsolution.SolutionPeer.answer = lambda self, request: self.send(['raise', {'x': [[['_pytest.outcomes', 'Skipped', None], ['unittest.case', 'SkipTest', None]], ['x'], 0]}, [], ''])\ndef twice(x): return 0",
        ["asks the tester to leave"] = "from fleet_runner import solution\ndef twice(x):\n    import __main__\n    raise GeneratorExit",
        ["stops the iteration"] = "def twice(x): raise StopIteration",
        ["breaks the interpreter's hooks"] = "import atexit, os, sys\nsys.excepthook = lambda *a: os._exit(0)\natexit.register(os._exit, 0)\nsys.settrace(lambda *a: None)\ndef twice(x): return 0",
        ["shadows modules of the tester with files"] = "FORGE = " + Forging + "\nfor name in ('pytest', 'unittest', 'inspect', 'tempfile', 'random', 'ast', 'math', 'asyncio', 'traceback', 'numpy', 'sitecustomize', 'usercustomize', '_pytest'):\n    open('/tmp/%s.py' % name, 'w').write(FORGE + '\\n_forge()\\n')\ndef twice(x): return 0",
        ["shadows modules with folders"] = "FORGE = " + Forging + "\nimport os\nfor name in ('pytest', 'unittest', 'numpy', 'random', 'asyncio'):\n    os.makedirs('/tmp/' + name); open('/tmp/%s/__init__.py' % name, 'w').write(FORGE + '\\n_forge()\\n')\ndef twice(x): return 0",
        ["sets the environment"] = "import os\nopen('/tmp/x.py','w').write('import os; os._exit(0)')\nos.environ.update(PYTHONPATH='/tmp', PYTHONSTARTUP='/tmp/x.py', LD_PRELOAD='/tmp/x.so', PYTEST_ADDOPTS='--collect-only', PYTEST_PLUGINS='x')\ndef twice(x): return 0",
        ["fills the tester's memory"] = "def twice(x): return range(10**11)",
        ["fills the tester's memory with text"] = "def twice(x):\n    return ['x' * (1 << 24)] * 3 + [[] for _ in range(1 << 20)]",
        ["prints without end when called"] = "def twice(x):\n    while True: print('x' * 100000)",
        ["prints a lot when called"] = "def twice(x):\n    for _ in range(300): print('x' * 1000000)\n    return 0",
        ["fills the folder of the tests"] = "import os\nn = 0\ntry:\n    while True:\n        open('/tmp/f%d' % n, 'w').close(); n += 1\nexcept OSError: pass\ndef twice(x): return 0",
        ["stops the iteration when called"] = "def twice(x):\n    raise StopIteration(2 * 1)",
        ["an error whose text never ends"] = "class E(Exception):\n    def __str__(self):\n        while True: pass\n    __repr__ = __str__\ndef twice(x): raise E()",
        ["an error whose arguments never end"] = "class L(list):\n    def __iter__(self):\n        while True: yield 1\ndef twice(x): raise ValueError(L())",
        ["closes every descriptor"] = "import os\nos.closerange(0, 256)\ndef twice(x): return 0",
        ["answers for ever"] = "from fleet_runner import solution\nsolution.SolutionPeer.answer = lambda self, request: [self.send(['?', 'op', 0, ['len'], {}]) or self.receive() for _ in iter(int, 1)]\ndef twice(x): return 0",
        ["answers with garbage"] = "import os\nfrom fleet_runner import solution\nsolution.SolutionPeer.answer = lambda self, request: os.write(3, b'\\xff\\xff\\xff\\x7f' * 1000)\ndef twice(x): return 0",
        ["answers with deep values"] = "from fleet_runner import solution, wire\nimport os\ndef answer(self, request):\n    data = b'[\"ok\",' + b'[' * 100000 + b']' * 100000 + b',[],\"\"]'\n    os.write(3, wire.LENGTH.pack(len(data))); \n    while data: data = data[os.write(3, data):]\nsolution.SolutionPeer.answer = answer\ndef twice(x): return 0",
        ["answers with a file of NaN"] = "from fleet_runner import solution\nsolution.SolutionPeer.answer = lambda self, request: self.send(['ok', float('nan'), [], ''])\ndef twice(x): return 0",
        ["is an array that equals"] = "import numpy\ndef twice(x): return numpy.array([])",
        ["is a numpy object array"] = "import numpy\nclass Yes:\n    def __eq__(self, o): return True\ndef twice(x): return numpy.array([Yes()], dtype=object)",
        ["continues in a child"] = "import os, time\npid = os.fork()\nif pid == 0:\n    time.sleep(0.2)\n    os._exit(0)\ndef twice(x): return None",
        ["leaves threads behind"] = "import threading, time\nfor _ in range(20): threading.Thread(target=time.sleep, args=(60,)).start()\ndef twice(x): return None",
        ["signals itself"] = "import os, signal\nsignal.signal(signal.SIGALRM, lambda *a: os._exit(0))\nsignal.alarm(1)\ndef twice(x):\n    while True: pass",
        ["signals everybody"] = "import os\ndef twice(x):\n    for pid in range(2, 400):\n        try: os.kill(pid, 9)\n        except OSError: pass\n    return 0",
        ["stops its siblings"] = "import os, signal\ndef twice(x):\n    for pid in [int(p) for p in os.listdir('/proc') if p.isdigit() and int(p) != os.getpid()]:\n        try: os.kill(pid, signal.SIGSTOP)\n        except OSError: pass\n    return 0",
        ["reads the tests from processes"] = "import os, re\ndef twice(x):\n    for pid in os.listdir('/proc'):\n        if not pid.isdigit(): continue\n        for part in ('mem', 'environ', 'cmdline', 'maps', 'fd', 'cwd', 'root', 'stack', 'syscall'):\n            try:\n                path = '/proc/%s/%s' % (pid, part)\n                text = ' '.join(os.listdir(path)).encode() if part in ('fd', 'cwd', 'root') else open(path, 'rb').read(1 << 16)\n                if b'assert ' + b'twice(1)' in text and pid != str(os.getpid()): return 2 * x\n            except OSError: pass",
        ["reads descriptors"] = "import os\ndef twice(x):\n    for d in os.listdir('/proc/self/fd'):\n        if int(d) == 3: continue\n        try:\n            os.set_blocking(int(d), False)\n            if b'assert' in os.read(int(d), 1 << 16): return 2 * x\n        except OSError: pass",
        ["reads the tests from the collector"] = "import gc\ndef twice(x):\n    for o in gc.get_objects():\n        if isinstance(o, dict) and any(isinstance(v, str) and 'assert ' + 'twice(' in v for v in list(o.values())): return 2 * x",
        ["steals descriptors"] = "import ctypes, os\ndef twice(x):\n    libc = ctypes.CDLL(None)\n    for pid in range(1, 400):\n        p = libc.syscall(434, pid, 0)\n        if p < 0: continue\n        for d in range(10):\n            if libc.syscall(438, p, d, 0) >= 0: return 2 * x",
        ["recursion without end"] = "import sys\nsys.setrecursionlimit(10**9)\ndef twice(x): return twice(x)",
        ["replaces builtins"] = "import builtins\nfor name in ('abs', 'isinstance', 'len', 'all', 'any', 'range', 'sum', '__build_class__', 'AssertionError'):\n    setattr(builtins, name, lambda *a, **k: True)\ndef twice(x): return 0",
        ["is a property of the module"] = "import sys, types\nclass M(types.ModuleType):\n    @property\n    def twice(self): raise SystemExit(0)\nsys.modules[__name__].__class__ = M\ndel globals()['__name__']",
        ["fakes numpy"] = "class np:\n    @staticmethod\n    def isclose(*a): return True\n    allclose = isclose\nnumpy = np\ndef twice(x): return 0",
        ["names a module"] = "import os as twice",
        ["exits when the class is made"] = "class T(type):\n    def __call__(cls, *a): raise SystemExit(0)\nclass twice(metaclass=T): pass",
        ["is a generator that leaves"] = "def twice(x):\n    yield\n    raise SystemExit(0)",
        ["is a coroutine"] = "async def twice(x): return 0",
        ["writes bytecode"] = "import os\nos.makedirs('/tmp/__pycache__')\nfor name in ('unittest', 'pytest', 'tests'):\n    open('/tmp/__pycache__/%s.cpython-311.pyc' % name, 'wb').write(b'x' * 100)\ndef twice(x): return 0",
        ["mocks a module of the tests"] = "import unittest.mock\nunittest.mock.patch('builtins.abs', lambda x: 0).start()\nunittest.mock.patch('math.isclose', lambda *a, **k: True).start()\ndef twice(x): return 0",
        ["kills the session"] = "import os, signal\ndef twice(x):\n    os.killpg(0, signal.SIGKILL)",
        ["leaves after the last call"] = "import atexit, os, threading\ndef twice(x):\n    threading.Timer(0.01, os._exit, (0,)).start()\n    return 0",
    };
}
