"""Durations and names of the data, as people say them."""


def duration(seconds: int) -> str:
    """Seconds as a person says them: `8 h 05 min`, `26 min`, `-12 s`."""
    sign = "-" if seconds < 0 else ""
    whole_minutes, rest = divmod(abs(seconds), 60)
    hours, minutes = divmod(whole_minutes, 60)
    parts = [f"{hours} h"] if hours else []
    if minutes:
        parts.append(f"{minutes:02d} min" if hours else f"{minutes} min")
    if rest:
        parts.append(f"{rest} s")
    return sign + (" ".join(parts) or "0 min")


def words(name: str) -> str:
    """A name of the data as words."""
    return name.replace("_", " ")
