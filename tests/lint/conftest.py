import pytest


@pytest.fixture
def project(tmp_path):
    """Writes {path: text} into a folder of its own that the checks take for the project."""

    def write(files):
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture
def said(project):
    """What a check says of the given files: [(path, line, text)]."""

    def run(check, files, **options):
        findings = check(project(files), **options)
        return [(found.path, found.line, found.text) for found in findings]

    return run
