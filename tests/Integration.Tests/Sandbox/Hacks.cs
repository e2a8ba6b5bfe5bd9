namespace Fleet.Integration.Tests.Sandbox;

/// <summary>Solutions that try to pass tests without solving them, one of each kind. The task: <c>twice(x)</c> is 2 x.</summary>
internal static class Hacks
{
    public const string Solution = "def twice(x):\n    return 2 * x";

    public const string AssertCode = "assert twice(1) == 2\nassert twice(21) == 42\nassert abs(twice(0.5) - 1.0) < 1e-9\nassert twice('ab') == 'abab'";

    public const string CheckCode = "import math\ndef check(candidate):\n    assert candidate(1) == 2\n    for n in range(3):\n        assert candidate(n) == n + n\n    assert math.isclose(candidate(0.5), 1.0)";

    public const string PytestCode = "import pytest\n\n@pytest.mark.parametrize('n', [1, 2, 3])\ndef test_twice(n):\n    assert twice(n) == n + n\n\ndef test_close():\n    assert twice(0.5) == pytest.approx(1.0)\n";

    public const string UnitTestCode = "import unittest\n\nclass TwiceTest(unittest.TestCase):\n    def test_one(self):\n        self.assertEqual(twice(1), 2)\n\n    def test_text(self):\n        self.assertEqual(twice('a'), 'aa')\n\nif __name__ == '__main__':\n    unittest.main()\n";

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
    };
}
