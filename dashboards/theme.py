"""Colours of the charts: at least 3:1 against the white page and far enough apart for the common kinds of colour blindness.

Colour is never the only sign: segments carry their name, statuses a word and an icon, bars a legend and a table below.
"""

WORK = "#1f6fb2"
PAID_BREAK = "#1a7a63"
UNPAID_BREAK = "#ad5f00"
UNCERTAIN = "#a3265c"
OFF = "#8391a1"
SCHEDULED = "#dbe4ee"
SCHEDULED_EDGE = "#7b8ba0"
GRID = "#e6ebf1"
INK = "#1c2733"
MUTED = "#55626f"

SEGMENT_COLOURS = {
    "Work": WORK,
    "Paid break": PAID_BREAK,
    "Unpaid break": UNPAID_BREAK,
    "Uncertain": UNCERTAIN,
    "Off": OFF,
}

OUTCOME_COLOURS = {
    "worked": "#1f6fb2",
    "late": "#c26a00",
    "left_early": "#8a6d00",
    "late_and_left_early": "#7a4419",
    "half_day": "#6f58c9",
    "absent": "#c0392b",
    "no_show": "#8e1b3a",
    "on_leave": "#1f8a70",
    "holiday": "#4d8f2f",
    "pending": "#8391a1",
    "unscheduled": "#3b3f8f",
}

STATUS_COLOURS = {
    "violated": "#b3261e",
    "pending": "#8a6d00",
    "waived": "#6f58c9",
    "satisfied": "#1f6fb2",
    "not_applicable": "#7d8a97",
}

SEVERITY_COLOURS = {"error": "#b3261e", "warning": "#c26a00", "info": "#1f6fb2"}

SIDE_COLOURS = {"Old": "#7d8a97", "New": "#1f6fb2"}

# Pay codes are open-ended: the first colours go to the most hours.
SERIES = ("#1f6fb2", "#c26a00", "#1f8a70", "#a3265c", "#6f58c9", "#7a4419", "#3b3f8f", "#55626f")

# Sign, word and Streamlit's name of the colour: the light reads without colour.
LIGHTS = {
    "green": (":material/check_circle:", "Good", "green"),
    "amber": (":material/warning:", "Look at it", "orange"),
    "red": (":material/error:", "Act now", "red"),
    "unknown": (":material/help:", "Not known", "gray"),
}

FLOOR_COLOURS = {
    "in": "#1f6fb2",
    "break": "#c26a00",
    "late": "#8a6d00",
    "missing": "#b3261e",
    "forgotten": "#a3265c",
    "left": "#6f58c9",
    "expected": "#7d8a97",
}
