# -*- coding: utf-8 -*-
"""Starts Guanxi from a bare clone: makes ``.venv``, then hands over to the package in ``src``.

The syntax stays that of Python 2, so that an old interpreter reads far enough to say it is too old.
Imported as ``guanxi`` (the clone's folder is on ``sys.path``), it stands for that package.
"""

import os
import sys

ROOT = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.join(ROOT, "src")
VENV = os.path.join(ROOT, ".venv")
WINDOWS = os.name == "nt"
VENV_PYTHON = os.path.join(VENV, *(("Scripts", "python.exe") if WINDOWS else ("bin", "python")))
TOOLS = {
    "test": "guanxi.testing.run",
    "lint": "lint.run",
    "messages": "lint.messages",
    "vendor": "lint.vendor",
    "bench": "bench.run",
    "manual": "guanxi.testing.manual",
    "requirements": "lint.requirements",
}
OLDEST = (3, 11)


def stop(line):
    sys.stderr.write("guanxi: " + line + "\n")
    sys.exit(2)


def check_python():
    if sys.version_info < OLDEST:
        stop(
            "Python %d.%d or newer is needed, this is %d.%d (%s). "
            "需要 Python %d.%d 或更新的版本。"
            % (OLDEST + tuple(sys.version_info[:2]) + (sys.executable,) + OLDEST)
        )


def requirement_files(word):
    return ["requirements-dev.txt", "requirements.txt"] if word in TOOLS else ["requirements.txt"]


def digest(name):
    import hashlib

    with open(os.path.join(ROOT, name), "rb") as stream:
        return hashlib.sha256(stream.read()).hexdigest()


def stamp_path(name):
    return os.path.join(VENV, "guanxi-" + name)


def is_installed(name):
    try:
        with open(stamp_path(name)) as stream:
            return stream.read() == digest(name)
    except (IOError, OSError):
        return False


def run(arguments, failure):
    import subprocess

    if subprocess.call(arguments, cwd=ROOT) != 0:
        stop(failure)


def make_venv():
    sys.stderr.write("guanxi: making .venv (once)\n")
    run(
        [sys.executable, "-m", "venv", "--clear", VENV],
        "no environment could be made in .venv; on Debian and Ubuntu: apt install python3-venv. "
        "无法创建 .venv 环境。",
    )


def write_path_file():
    import subprocess

    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    folder = subprocess.check_output([VENV_PYTHON, "-c", ask]).decode().strip()
    with open(os.path.join(folder, "guanxi.pth"), "w") as stream:
        stream.write(os.path.relpath(SOURCE, folder).replace(os.sep, "/") + "\n")


def install(names):
    sys.stderr.write("guanxi: installing %s, about a minute\n" % names[0])
    run(
        [VENV_PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
        + ["--require-hashes", "-r", os.path.join(ROOT, names[0])],
        "installing %s failed, see above; is there a way to the package index? "
        "依赖安装失败,请检查网络或软件源。" % names[0],
    )
    write_path_file()
    for name in names:
        with open(stamp_path(name), "w") as stream:
            stream.write(digest(name))


def prepare(word):
    if not os.path.exists(VENV_PYTHON):
        make_venv()
    names = requirement_files(word)
    if not is_installed(names[0]):
        install(names)


def in_venv():
    def plain(path):
        return os.path.normcase(os.path.realpath(path))

    return plain(sys.prefix) == plain(VENV)


def hand_over(arguments):
    command = [VENV_PYTHON, os.path.join(ROOT, "guanxi.py")] + arguments
    if not WINDOWS:
        sys.stdout.flush()
        os.execv(VENV_PYTHON, command)
    import signal
    import subprocess

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(subprocess.call(command))


def main(arguments):
    check_python()
    word = arguments[0] if arguments else "serve"
    prepare(word)
    if not in_venv():
        hand_over(arguments)
    sys.path[:0] = [SOURCE, ROOT]
    import importlib

    if word in TOOLS:
        return importlib.import_module(TOOLS[word]).main(arguments[1:])
    return importlib.import_module("guanxi.cli").main(arguments or ["serve"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
elif __name__ == "guanxi":
    check_python()
    __path__ = [os.path.join(SOURCE, "guanxi")]
    if __spec__ is not None:
        __spec__.submodule_search_locations = __path__
    __file__ = os.path.join(__path__[0], "__init__.py")
