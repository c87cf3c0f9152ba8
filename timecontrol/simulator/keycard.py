"""The real key-card example: its people into the legacy HR system, its file into the watched folder."""

import csv
import shutil
from pathlib import Path

from timecontrol.settings import Settings
from timecontrol.simulator.company import Person, Site
from timecontrol.simulator.doors.legacy_hr import LegacyHrDoor

EXAMPLE = Path(__file__).parents[2] / "examples/keycard"
SITE = Site("GATE", "Key-card building", "UTC", "none", "device_file", ())


def card_holders() -> list[Person]:
    """The 25 people of the file, in its order of first appearance; the file has ids and no names."""
    with (EXAMPLE / "in_out_data.csv").open(encoding="utf-8", newline="") as file:
        ids = dict.fromkeys(row["user_id"] for row in csv.DictReader(file))
    return [
        Person(
            employee_id=employee_id,
            name=f"Card holder {number:02d}",
            site=SITE,
            team="Key cards",
            manager_id=None,
            badge=None,
            door="device_file",
            has_schedule=False,
            plan_offset=0,
            meal_waiver=False,
        )
        for number, employee_id in enumerate(ids, start=1)
    ]


def write_card_holders(settings: Settings) -> None:
    """Make the building and its people known to the legacy HR system."""
    LegacyHrDoor(settings).write_company([SITE], card_holders(), [])


def drop_keycard_file(settings: Settings) -> Path:
    """Put the file and its mapping into the watched folder, complete or not at all; returns the file's path."""
    folder = settings.home / "inbox" / SITE.site_id / SITE.device_id
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(EXAMPLE / "mapping.yaml", folder / "mapping.yaml")
    partial = folder / "in_out_data.csv.partial"
    shutil.copyfile(EXAMPLE / "in_out_data.csv", partial)
    return partial.replace(folder / "in_out_data.csv")
