"""Pay lines as CSV (RFC 4180, UTF-8, line feeds): a header row, empty cells for what is not known, `true` and `false`."""

import pandas as pd

BOOLEANS = {True: "true", False: "false"}


def encode(lines: pd.DataFrame) -> bytes:
    """The file's bytes; equal frames give equal bytes."""
    return lines.assign(on_top=lines["on_top"].map(BOOLEANS)).to_csv(index=False, lineterminator="\n").encode()
