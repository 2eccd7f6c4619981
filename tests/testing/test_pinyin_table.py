"""The committed table is the one its generator writes."""

import pytest

from guanxi.kernel import pinyin
from guanxi.testing import pinyin_table


def test_our_own_words_are_in_the_committed_table():
    table = pinyin.table()
    assert table.chars.items() >= pinyin_table.READINGS.items()
    phrases = dict(entry for entries in table.starts.values() for entry in entries)
    for word, reading in pinyin_table.pairs(pinyin_table.PHRASES):
        assert phrases[word] == tuple(reading.split(" ")), word
        assert len(word) == len(phrases[word])
    for word, reading in pinyin_table.pairs(pinyin_table.SURNAMES):
        assert table.surnames[word] == tuple(reading.split(" ")), word


def test_it_writes_what_is_committed(tmp_path, monkeypatch):
    pytest.importorskip("pypinyin")
    committed = pinyin_table.TARGET.read_text(encoding="utf-8")
    monkeypatch.setattr(pinyin_table, "TARGET", tmp_path / "pinyin.txt")
    pinyin_table.main()
    written = (tmp_path / "pinyin.txt").read_text(encoding="utf-8")
    ours, theirs = set(committed.splitlines()), set(written.splitlines())
    assert len(ours ^ theirs) < len(theirs) * 0.02


@pytest.mark.parametrize(
    ("toned", "typed"), [("lǜ", "lv"), ("zhōng", "zhong"), ("nǚ", "nv"), ("ê̄", "e"), ("ḿ", "m")]
)
def test_plain(toned, typed):
    assert pinyin_table.plain(toned) == typed
