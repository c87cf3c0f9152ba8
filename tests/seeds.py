"""Seeds of tests that draw what happens."""

import os


def seeds(usual: int) -> list[int]:
    """The usual one, or for a longer search those of `TIMECONTROL_SEEDS="1 2 3"`."""
    return [int(seed) for seed in os.environ.get("TIMECONTROL_SEEDS", "").split()] or [usual]
