"""A real gateway for all tests of a run, on a free port, with workers in its process."""

from __future__ import annotations

import atexit
import os
import subprocess
import threading
from pathlib import Path
from typing import Optional

ROOT = Path(__file__).resolve().parents[3]
KEY = "a-key-of-the-tests"

_process: Optional[subprocess.Popen] = None
_url: Optional[str] = None


def url() -> str:
    """The gateway's address; it is started when it is first asked for."""
    global _process, _url
    if _url is None:
        environment = {key: value for key, value in os.environ.items() if key not in ("FLEET_BROKER", "FLEET_URL", "FLEET_DOMAIN")}
        environment["FLEET_API_KEY"] = KEY
        _process = subprocess.Popen(
            [str(ROOT / "fleet"), "serve", "--listen", "127.0.0.1:0"], stderr=subprocess.PIPE, text=True, env=environment)
        atexit.register(stop)
        said = []
        assert _process.stderr is not None
        for line in _process.stderr:
            said.append(line)
            if "serving at " in line:
                _url = line.rsplit("serving at ", 1)[1].strip()
                break
        if _url is None:
            raise RuntimeError("The gateway did not start: " + "".join(said))
        # Whatever it says later must not fill the pipe.
        threading.Thread(target=_process.stderr.read, daemon=True).start()
    return _url


def stop() -> None:
    if _process is not None and _process.poll() is None:
        _process.terminate()
        try:
            _process.wait(30)
        except subprocess.TimeoutExpired:
            _process.kill()
            _process.wait()


def rows(count: int) -> list:
    """Rows of two domains, some of them without a gold answer."""
    made = []
    for i in range(count):
        if i % 10 == 9:
            made.append({"id": i, "domain": "multiple_choice_boxed", "response": "\\boxed{A}"})
        elif i % 3 == 0:
            made.append({"id": i, "domain": "math_rule", "response": f"\\boxed{{{i}}}", "ground_truth": str(i if i % 2 else i + 1)})
        else:
            made.append({"id": i, "domain": "multiple_choice_boxed", "response": f"So it is \\boxed{{{'ABCD'[i % 4]}}}.", "ground_truth": "B"})
    return made


def expected(i: int) -> Optional[float]:
    """The reward of a row of :func:`rows`."""
    if i % 10 == 9:
        return None
    if i % 3 == 0:
        return float(i % 2)
    return float("ABCD"[i % 4] == "B")
