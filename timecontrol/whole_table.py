"""Tables on a terminal, as wide as they are."""

import sys

from rich.console import Console
from rich.measure import Measurement
from rich.table import Table


def print_whole(table: Table) -> None:
    """Print a table without cutting a cell: a number of which digits are missing is another number.

    On a narrower terminal its lines wrap; a file or a pipe gets them as they are.
    """
    console = Console(markup=False, emoji=False)
    widest = Measurement.get(console, console.options.update(max_width=sys.maxsize), table).maximum
    console.width = max(console.width, widest)
    console.print(table)
