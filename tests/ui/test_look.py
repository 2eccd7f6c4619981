"""Rules of the look that no eye has to check again."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "src/guanxi/ui/static/ui"
TOKENS = (STATIC / "css/tokens.css").read_text(encoding="utf-8")
TEXT_ON = ("surface", "surface-2", "canvas", "side-ground", "hover")
PAIRS = [
    *[(text, ground, 4.5) for text in ("text", "text-2", "text-3") for ground in TEXT_ON],
    *[("accent-text", ground, 4.5) for ground in (*TEXT_ON, "accent-soft", "accent-softer")],
    *[(state, f"{state}-soft", 4.5) for state in ("good", "warn", "bad", "info")],
    *[(state, "surface", 4.5) for state in ("good", "warn", "bad", "info")],
    *[(f"{state}-mark", "surface", 3) for state in ("good", "warn", "bad", "info")],
    *[("on-accent", f"tone-{n}", 4.5) for n in range(8)],
    *[(f"tone-{n}", "surface", 3) for n in range(8)],
    *[(f"chart-{n}", "surface", 3) for n in range(1, 7)],
    *[(f"toast-{kind}", "toast", 4.5) for kind in ("act", "good", "bad")],
    ("on-toast", "toast", 4.5),
    ("on-accent", "danger", 4.5),
    ("on-accent", "accent", 4.5),
    ("on-accent", "accent-strong", 4.5),
    ("text-2", "muted-soft", 4.5),
    ("line-control", "surface", 3),
    ("accent", "surface", 3),
]


def palette(theme: str) -> dict[str, str]:
    light, dark = TOKENS.split(':root[data-theme="dark"] {')
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    if theme == "dark":
        found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark))
    return found


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("front", "ground", "least"), PAIRS)
def test_contrast_is_enough(theme, front, ground, least):
    colours = palette(theme)
    assert contrast(colours[front], colours[ground]) >= least


def test_every_token_that_is_used_is_defined():
    defined = set(re.findall(r"(--[\w-]+):", TOKENS))
    used = {
        name
        for file in STATIC.rglob("*.css")
        for name in re.findall(r"var\((--[\w-]+)", file.read_text(encoding="utf-8"))
    }
    assert sorted(used - defined) == []


def test_colours_live_in_the_tokens():
    loose = {
        file.name: found
        for file in sorted(STATIC.glob("css/*.css"))
        if file.name not in ("tokens.css", "print.css")
        and (found := re.findall(r"#[0-9a-f]{3,6}\b", file.read_text(encoding="utf-8")))
    }
    assert loose == {}


def test_modules_import_files_that_exist_and_evaluate_nothing():
    for file in STATIC.glob("js/*.js"):
        text = file.read_text(encoding="utf-8")
        for name in re.findall(r'(?:import|from) "\./([\w.]+)"', text):
            assert (file.parent / name).is_file(), f"{file.name} imports {name}"
        assert not re.search(r"\beval\(|new Function|https?://", text), file.name


def test_no_selector_is_newer_than_the_browsers_we_promise():
    for file in STATIC.glob("css/*.css"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r":has\(|color-mix\(|@container|\bdvh\b|@starting-style", text), (
            file.name
        )
