"""Where the numbers of a page come from: which run computed them, which server answered, how old its data were."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import streamlit as st

from dashboards.words import age
from timecontrol.serving.result import Result

# The reads of the page that this thread draws; none where a file is made for a download.
_READ: ContextVar[list[Result] | None] = ContextVar("read", default=None)


def sentence(results: tuple[Result, ...]) -> str:
    """What a page says below its title about the reads behind it."""
    parts = []
    runs = {result.computed for result in results if result.computed is not None}
    if runs:
        newest = max(runs, key=lambda run: run.run_id)
        parts.append(
            f"Computed {newest.now_at:%Y-%m-%d %H:%M:%S} UTC (run {newest.run_id}, watermark {newest.watermark})"
        )
        older = sorted({run.run_id for run in runs} - {newest.run_id})
        if older:
            parts.append(f"some numbers are still of run {' and '.join(map(str, older))}: load the page again")
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


@dataclass
class Note:
    """What a page has to say before the sentence."""

    before: str = ""


@contextmanager
def noted() -> Iterator[Note]:
    """Draw the sentence here, about all that is read in the block: the end of a page may be of another run than its begin."""
    place, note = st.empty(), Note()
    with collected() as results:
        yield note
    place.caption(f"{note.before} {sentence(tuple(results))}".strip())


@contextmanager
def collected() -> Iterator[list[Result]]:
    """The results that `keep` is given in the block."""
    results: list[Result] = []
    token = _READ.set(results)
    try:
        yield results
    finally:
        _READ.reset(token)


def keep(result: Result) -> Result:
    """The result, remembered for the sentence of the page that reads it."""
    results = _READ.get()
    if results is not None:
        results.append(result)
    return result
