"""What a walk over a sheet finds before the spreadsheet reader loads it."""

from .faults import ReadFault


class SheetScan:
    """How far the values of a sheet reach and which cells hold errors (0-based rows, columns)."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.rows = 0
        self.columns = 0
        self.errors: dict[int, dict[int, str]] = {}

    def reach(self, row: int, column: int) -> None:
        """Note a cell with a value. Raises ``ReadFault`` when the block grows over the limit."""
        if row < self.rows and column < self.columns:
            return
        self.rows = max(self.rows, row + 1)
        self.columns = max(self.columns, column + 1)
        if self.rows * self.columns > self.limit:
            raise ReadFault("too_many_cells", cell=cell_name(row, column), limit=f"{self.limit:,}")

    def error(self, row: int, column: int, text: str) -> None:
        self.reach(row, column)
        self.errors.setdefault(row, {})[column] = text


def position(letters: str) -> int:
    """Column number of its letters, from 0: A is 0, Z 25, AA 26."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def letters(column: int) -> str:
    """Letters of a column number that starts at 0: 0 is A, 26 is AA."""
    text = ""
    column += 1
    while column > 0:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def cell_name(row: int, column: int) -> str:
    return f"{letters(column)}{row + 1}"
