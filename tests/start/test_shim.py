import ast
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHIM = ROOT / "guanxi.py"


@pytest.fixture
def shim(monkeypatch, tmp_path):
    """The shim as a module, with an environment folder of its own and no program started."""
    spec = importlib.util.spec_from_file_location("shim", SHIM)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    python = tmp_path / "venv" / "bin" / "python"
    started = []
    monkeypatch.setattr(module, "VENV", str(tmp_path / "venv"))
    monkeypatch.setattr(module, "VENV_PYTHON", str(python))
    monkeypatch.setattr(module, "write_path_file", lambda: None)

    def run(arguments, _failure):
        started.append(arguments)
        python.parent.mkdir(parents=True, exist_ok=True)
        python.touch()

    monkeypatch.setattr(module, "run", run)
    module.started = started
    return module


def test_an_old_python_gets_one_line_and_the_code_2():
    code = (
        "import runpy, sys; sys.version_info = (3, 8, 10, 'final', 0); "
        f"sys.argv = ['guanxi.py']; runpy.run_path({str(SHIM)!r}, run_name='__main__')"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert told.returncode == 2
    assert told.stdout == "" and told.stderr.count("\n") == 1
    assert "Python 3.11" in told.stderr and "3.8" in told.stderr


def test_no_syntax_that_an_old_python_does_not_know():
    new = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Match, ast.AsyncFunctionDef)
    tree = ast.parse(SHIM.read_text(encoding="utf-8"), feature_version=(3, 7))
    for node in ast.walk(tree):
        assert not isinstance(node, new), f"line {node.lineno}"
        if isinstance(node, ast.FunctionDef):
            arguments = node.args
            assert not (node.returns or arguments.kwonlyargs or arguments.posonlyargs)
            assert not any(argument.annotation for argument in arguments.args)
        assert not (isinstance(node, ast.Call) and ast.unparse(node.func) == "print")


def test_in_the_clone_the_file_stands_for_the_package():
    code = "import guanxi, guanxi.conf.env as env; print(guanxi.__path__[0], env.__file__)"
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    package = ROOT / "src" / "guanxi"
    assert told.stdout.split() == [str(package), str(package / "conf" / "env.py")]


def test_the_first_start_makes_and_installs_and_the_second_does_neither(shim):
    shim.prepare("serve")
    made, installed = shim.started
    assert "venv" in made
    assert "--require-hashes" in installed and installed[-1].endswith("requirements.txt")
    shim.prepare("serve")
    assert len(shim.started) == 2


def test_a_changed_requirement_file_is_installed_again(shim, monkeypatch):
    shim.prepare("serve")
    monkeypatch.setattr(shim, "digest", lambda name: "changed")
    shim.prepare("serve")
    assert len(shim.started) == 3 and "--require-hashes" in shim.started[2]


def test_tools_bring_what_serving_needs_too(shim):
    shim.prepare("test")
    assert shim.started[1][-1].endswith("requirements-dev.txt")
    shim.prepare("serve")
    assert len(shim.started) == 2
    shim.prepare("lint")
    assert len(shim.started) == 2


def test_tools_after_serving_install_the_rest(shim):
    shim.prepare("serve")
    shim.prepare("test")
    assert [line[-1].rsplit("-", 1)[-1] for line in shim.started[2:]] == ["dev.txt"]


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_requirement_is_locked_by_hash_and_names_no_index(name):
    lines = (ROOT / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    locked = [line for line in lines if "==" in line]
    assert len(locked) >= 15
    assert all(line.endswith("\\") for line in locked)
    assert not [line for line in lines if "://" in line or line.startswith("--")]


def test_both_requirement_files_lock_the_same_versions():
    def versions(name):
        text = (ROOT / name).read_text(encoding="utf-8")
        pairs = (line.split()[0].split("==") for line in text.splitlines() if "==" in line)
        return dict(pairs)

    served, developed = versions("requirements.txt"), versions("requirements-dev.txt")
    assert served.items() <= developed.items()
