"""Two columns where there is room for two charts, else one below the other."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

KEY = "side-by-side"
# Below this width half a page has no room for the names and the legend of a chart.
NARROW_PIXELS = 1000
STYLE = f"""@media (max-width: {NARROW_PIXELS}px) {{
  .st-key-{KEY} .stHorizontalBlock {{ flex-wrap: wrap; }}
  .st-key-{KEY} .stColumn {{ flex: 1 0 100%; min-width: 100%; }}
}}"""


def side_by_side() -> tuple[DeltaGenerator, DeltaGenerator]:
    """The two columns, to draw in; once on a page."""
    left, right = st.container(key=KEY).columns(2, gap="medium")
    return left, right
