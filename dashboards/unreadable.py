"""What a page says where its data cannot be read, and what to do about it."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from timecontrol.contracts.errors import Transient
from timecontrol.serving.reads import NotComputed


@contextmanager
def said() -> Iterator[None]:
    """Draw the block as far as it can be read, then why it ends there. A fragment needs its own: its errors reach no page."""
    try:
        yield
    except NotComputed:
        st.info(
            "**Nothing has been computed yet.** The first run of the models makes the tables that these pages show; it starts by itself "
            "when punches arrive. Dagster shows it under *Runs*; `timecontrol status` says whether it is running.",
            icon=":material/hourglass_top:",
        )
    except Transient as error:
        st.error(
            f"**The data cannot be read at the moment.** {error}\n\n"
            "Punches are captured all the same. `timecontrol status` shows which server is down "
            "and `timecontrol stack up` starts it; then load this page again.",
            icon=":material/cloud_off:",
        )
        st.button("Try again", icon=":material/refresh:")
