"""The pure packages know no network, clock or database; only the command line does."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from microcred_app import ob3, rules

COMMAND = "__main__.py"
MODULES = [
    path
    for package in (ob3, rules)
    for path in sorted(Path(package.__file__ or "").parent.rglob("*.py"))
    if path.name != COMMAND
]
NETWORK = {"aiohttp", "asyncio", "ftplib", "http", "httpx", "requests", "smtplib", "socket", "ssl", "urllib3"}
FRAMEWORK = {"django", "celery", "xblock"}


def imported(path: Path) -> set[str]:
    """Everything *path* imports, wherever in the file it stands."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.update({node.module, *(f"{node.module}.{alias.name}" for alias in node.names)})
    return found


def test_the_modules_are_found() -> None:
    assert {"verification.py", "command_sources.py", "evaluation.py"} <= {path.name for path in MODULES}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_no_module_but_the_command_can_open_a_connection(path: Path) -> None:
    names = imported(path)
    assert not {name.split(".")[0] for name in names} & (NETWORK | FRAMEWORK)
    assert not {name for name in names if name.split(".")[0] == "urllib"} - {
        "urllib.parse",
        *(name for name in names if name.startswith("urllib.parse.")),
    }


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_nothing_imports_the_command(path: Path) -> None:
    assert not any("__main__" in name for name in imported(path))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_no_module_reads_the_clock(path: Path) -> None:
    calls = {
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert not calls & {"now", "utcnow", "today", "monotonic", "perf_counter"}


def test_verifying_works_in_a_process_that_cannot_open_sockets() -> None:
    program = (
        "import socket\n"
        "def refuse(*_): raise AssertionError('a socket was opened')\n"
        "socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse\n"
        "from tests.ob3.samples import NOW, signed\n"
        "from microcred_app.ob3.serialization import encode_document\n"
        "from microcred_app.ob3.verification import verify\n"
        "print(verify(encode_document(signed()), now=NOW).check('signature').outcome)\n"
    )
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert finished.stdout.strip() == "passed", finished.stderr
