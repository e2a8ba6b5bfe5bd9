"""Test functions, test classes and unittest cases, run in the tester; pytest itself only where its features are used."""
import inspect
import os
import sys
import tempfile
import types
import unittest

from fleet_runner.tester import TestsBroken

# Words that only mean something to pytest, or that a plain call of each test would not honour.
PYTEST_WORDS = ('@pytest', 'pytest.fixture', 'pytest.mark', 'pytestmark', 'setup_', 'teardown_', 'def setup', 'def teardown')


def run(names, code, program, counted):
    """Runs the test code and what it defines; returns how many tests ran."""
    unittest.main = lambda *ignored, **also: None  # The cases are run below, and the process does not end with them.
    if any(word in code for word in PYTEST_WORDS):
        return _pytest(names, code, program)
    exec(program, names)
    tests = list(_tests(names))
    if counted and any(inspect.signature(test).parameters for test in tests if inspect.isfunction(test)):
        return _pytest(names, code, program)
    for test in tests:
        test()
    if counted and not tests:
        raise TestsBroken('the test code defines no test')
    return max(1, len(tests))


def _tests(names):
    for name, value in list(names.items()):
        if name.startswith('test') and inspect.isfunction(value):
            yield value
        elif inspect.isclass(value) and value.__module__ == names['__name__']:
            if issubclass(value, unittest.TestCase):
                yield from _cases(value)
            elif name.startswith('Test'):
                for method in [m for m in vars(value) if m.startswith('test')]:
                    yield lambda kind=value, method=method: getattr(kind(), method)()


def _cases(kind):
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(kind)
    if suite.countTestCases() == 0:
        return

    def case():
        result = unittest.TestResult()
        suite.run(result)
        if not result.wasSuccessful():
            raise AssertionError((result.failures + result.errors + [('', 'unexpected success')])[0][1][-1000:])
    yield case


def _pytest(names, code, program):
    """Collects the tests from a module object: of files, pytest sees only an empty one in a folder of the tester's own."""
    import pytest
    module = types.ModuleType(names['__name__'])
    outcome = {'passed': 0, 'failed': []}

    class Tests(pytest.Module):
        def _getobj(self):
            exec(program, names)
            module.__dict__.update(names)
            return module

    class Plugin:
        def pytest_pycollect_makemodule(self, module_path, parent):
            return Tests.from_parent(parent, path=module_path)

        def pytest_runtest_logreport(self, report):
            if report.failed:
                outcome['failed'].append(report.longreprtext)
            elif report.when == 'call' and report.passed:
                outcome['passed'] += 1

        def pytest_collectreport(self, report):
            if report.failed:
                outcome['failed'].append(report.longreprtext)

    folder = tempfile.mkdtemp()
    path = os.path.join(folder, 'test_solution.py')
    open(path, 'w').close()
    sys.modules[module.__name__] = module
    status = pytest.main(
        ['-q', '-c', os.devnull, '--rootdir', folder, '--confcutdir', folder, '--noconftest', '-p', 'no:cacheprovider',
         '--capture=sys', '--assert=plain', path], plugins=[Plugin()])
    if outcome['failed']:
        raise AssertionError(outcome['failed'][0][-1000:])
    if status == pytest.ExitCode.NO_TESTS_COLLECTED:
        raise TestsBroken('the test code defines no test')
    if status != 0:
        raise AssertionError('pytest ended with status %d' % status)
    return outcome['passed']
