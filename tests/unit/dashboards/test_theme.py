"""Contrast as WCAG 2.2 defines it: 4.5:1 for text, 3:1 for what carries meaning in a chart."""

import tomllib
from itertools import chain
from pathlib import Path

import pytest

from dashboards import theme

CONFIG = Path(theme.__file__).parent / ".streamlit/config.toml"
WHITE = "#ffffff"


def luminance(colour: str) -> float:
    channels = (int(colour[position : position + 2], 16) / 255 for position in (1, 3, 5))
    linear = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


CHARTS = sorted(
    set(
        chain(
            theme.SEGMENT_COLOURS.values(),
            theme.OUTCOME_COLOURS.values(),
            theme.STATUS_COLOURS.values(),
            theme.SEVERITY_COLOURS.values(),
            theme.FLOOR_COLOURS.values(),
            theme.SIDE_COLOURS.values(),
            theme.SERIES,
        )
    )
)


@pytest.mark.parametrize("colour", CHARTS)
def test_bars_stand_out_from_the_page(colour: str) -> None:
    assert contrast(colour, WHITE) >= 3


@pytest.mark.parametrize("name", ["textColor", "primaryColor", "linkColor"])
def test_text_and_controls_are_readable_on_both_backgrounds(name: str) -> None:
    configured = tomllib.loads(CONFIG.read_text())["theme"]
    for background in ("backgroundColor", "secondaryBackgroundColor"):
        assert contrast(configured[name], configured[background]) >= 4.5


@pytest.mark.parametrize("group", ["Work", "Paid break", "Unpaid break", "Uncertain"])
def test_names_are_readable_on_segments(group: str) -> None:
    assert contrast(WHITE, theme.SEGMENT_COLOURS[group]) >= 4.5
