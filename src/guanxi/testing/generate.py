"""Files of invented customers for benches and import tests.

``python -m guanxi.testing.generate customers.xlsx --rows 100000 --messy 0.01``
"""

import argparse
import csv
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import xlsxwriter

from guanxi.testing.invent import customers
from guanxi.testing.pools import pick

HEADER = (
    "客户名称 客户类型 来源 状态 行业 手机 座机 邮箱 省市 地址 统一社会信用代码 负责人 备注"
).split()
NAME, MOBILE, CODE = (
    HEADER.index("客户名称"),
    HEADER.index("手机"),
    HEADER.index("统一社会信用代码"),
)
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_SHEET_ROWS = 1_048_575


def table(rows: int, *, seed: int = 1, messy: float = 0.0) -> Iterator[list[str]]:
    """Rows in the order of `HEADER`; the share ``messy`` (0 to 1) has one slip of `SLIPS` each."""
    rng, slips = random.Random(seed), random.Random(seed + 1)  # noqa: S311 - invented data
    for customer in customers(rng, rows):
        row = _row(customer)
        if messy and slips.random() < messy:
            pick(slips, SLIPS)(row)
        yield row


def _row(customer: dict[str, str]) -> list[str]:
    province, city = customer["province"], customer["city"]
    return [
        customer["name"],
        customer["kind"],
        customer["source"],
        customer["status"],
        customer["industry"],
        customer["mobile"],
        customer["landline"],
        customer["email"],
        province if city == province else province + city,
        customer["district"] + customer["street"],
        customer["credit_code"],
        customer["owner"],
        customer["remark"],
    ]


def _wide_mobile(row: list[str]) -> None:
    row[MOBILE] = row[MOBILE].translate(_FULL_WIDTH)


def _dashed_mobile(row: list[str]) -> None:
    row[MOBILE] = f"+86 {row[MOBILE][:3]}-{row[MOBILE][3:7]}-{row[MOBILE][7:]}"


def _lost_mobile(row: list[str]) -> None:
    row[MOBILE] = "1.38E+10"


def _two_mobiles(row: list[str]) -> None:
    row[MOBILE] = "13800001111/13900002222"


def _short_mobile(row: list[str]) -> None:
    row[MOBILE] = "1380000111"


def _wrong_code(row: list[str]) -> None:
    row[CODE] = "91110108000000000A"


def _lost_code(row: list[str]) -> None:
    row[CODE] = "9.1110E+17"


def _blank_name(row: list[str]) -> None:
    row[NAME] = ""


def _spaced_name(row: list[str]) -> None:
    row[NAME] = f"  {row[NAME]}\u3000"


SLIPS: tuple[Callable[[list[str]], None], ...] = (
    _wide_mobile,
    _dashed_mobile,
    _lost_mobile,
    _two_mobiles,
    _short_mobile,
    _wrong_code,
    _lost_code,
    _blank_name,
    _spaced_name,
)


def write_csv(
    path: str | Path,
    rows: int = 100_000,
    *,
    seed: int = 1,
    messy: float = 0.0,
    encoding: str = "utf-8-sig",
) -> Path:
    """A CSV as Excel in China saves it; ``encoding="gb18030"`` for the older ones."""
    target = Path(path)
    with target.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(table(rows, seed=seed, messy=messy))
    return target


def write_xlsx(path: str | Path, rows: int = 100_000, *, seed: int = 1, messy: float = 0.0) -> Path:
    """The same rows as one sheet of texts; at most 1,048,575 of them."""
    if rows > _SHEET_ROWS:
        raise ValueError(f"a sheet holds {_SHEET_ROWS} rows below its header")
    target = Path(path)
    with xlsxwriter.Workbook(target, {"constant_memory": True, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("客户")
        sheet.write_row(0, 0, HEADER)
        for number, row in enumerate(table(rows, seed=seed, messy=messy), start=1):
            for column, text in enumerate(row):
                if text:
                    sheet.write_string(number, column, text)
    return target


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--messy", type=float, default=0.0)
    given = parser.parse_args()
    write = write_xlsx if given.path.suffix == ".xlsx" else write_csv
    write(given.path, given.rows, seed=given.seed, messy=given.messy)


if __name__ == "__main__":
    main()
