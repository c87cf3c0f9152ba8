"""The account of hours: what was worked less what was due, where a policy keeps one."""

import pandas as pd
import streamlit as st

from dashboards.tables import Lasting

BALANCE = Lasting(
    "Balance", is_difference=True, explanation="Worked less due; – where the policy keeps no such account"
)


def say_who_has_no_account(balances: pd.Series) -> None:
    """Say in words what the empty cells of a column of balances mean, where there are any."""
    if balances.isna().any():
        st.caption(
            "Balance –: no account of hours. The policy sets no `overtime.against_schedule`, by which work is held against the "
            "schedule."
        )
