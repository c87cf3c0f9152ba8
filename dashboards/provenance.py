"""Where the numbers of a page come from: which run computed them, which server answered, how old its data were."""

import streamlit as st

from dashboards.words import age
from timecontrol.serving.result import Result


def sentence(results: tuple[Result, ...]) -> str:
    """What a page says below its title about the reads behind it."""
    parts = []
    runs = {result.computed for result in results if result.computed is not None}
    if runs:
        newest = max(runs, key=lambda run: run.run_id)
        parts.append(
            f"Computed {newest.now_at:%Y-%m-%d %H:%M:%S} UTC (run {newest.run_id}, watermark {newest.watermark})"
        )
    else:
        parts.append("Nothing has been computed yet")
    origins = {result.origin for result in results}
    oldest = max((result.age_seconds for result in results if result.origin == "replica"), default=0.0)
    names = {
        "cache": "cache of this run",
        "replica": f"replica, {age(oldest)} behind",
        "primary": "primary, because the replica is down or late",
    }
    if any(run.is_overtaken for run in runs):
        parts.append(
            "a newer run is under way or has failed: these numbers are of the run before, some may be the newer one's already"
        )
    parts.append("read from the " + " and the ".join(names[origin] for origin in sorted(origins)))
    return " · ".join(parts)


def note(*results: Result, before: str = "") -> None:
    """Draw the sentence, after another one where the page has more to say."""
    st.caption(f"{before} {sentence(results)}".strip())
