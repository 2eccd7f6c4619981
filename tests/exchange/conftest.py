import os
from pathlib import Path

import pytest

from guanxi.testing.people import Company, browser

ROOT = Path(__file__).parents[2]


@pytest.fixture
def shared_data():
    """Folder of real files; GUANXI_SHARED_DATA names it, else it lies beside the repository."""
    folder = Path(os.environ.get("GUANXI_SHARED_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip("no real files here: set GUANXI_SHARED_DATA to the folder that has them")
    return folder


@pytest.fixture
def made(tmp_path):
    """Write bytes to a new file and give its path."""

    def make(content, name="table.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return make


@pytest.fixture
def window(db):
    """A browser of somebody who may do everything, with the person and the company."""
    company = Company()
    client = browser(company.boss)
    client.company, client.person = company, company.boss
    return client
