"""The commands that README and docs print, run as they are printed."""

import os
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.integration.api_client import NEEDED, Api
from tests.running_stack import RunningStack
from tests.waiting import eventually
from timecontrol.core.first_accounts import ensure_accounts

PROJECT = Path(__file__).parents[2]
# All that is marked as bash in a page, in its order.
BASH = re.compile(r"^```bash\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    ("page", "answers"),
    [
        ("README.md", ['"kind":"clock_in"', '"state":"in"', "kind: Input should be 'clock_in', 'clock_out'"]),
        (
            "docs/api.md",
            [
                "No break is open",
                '"accepted":1',
                '"state":"in"',
                '"code":"overlapping_shift"',
                '"status":"approved"',
                "x-cache: hit",
                "unfit for work until Friday",
            ],
        ),
    ],
)
def test_the_commands_of_a_page_work_as_printed(stack: RunningStack, page: str, answers: list[str]) -> None:
    settings = stack.require(*NEEDED)
    ensure_accounts(settings)
    await_live_state(Api(settings))
    script = "\n".join(BASH.findall((PROJECT / page).read_text(encoding="utf-8")))
    # As a new shell has it: the checkout's own programs are not in it.
    programs = [path for path in os.environ["PATH"].split(":") if not path.startswith(str(PROJECT))]
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=PROJECT,
        env=os.environ | {"PATH": ":".join(programs)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert [answer for answer in answers if answer not in done.stdout] == [], done.stdout


def await_live_state(api: Api) -> None:
    """Until the consumers that have just started follow; a reader of the page has a stack that runs."""
    person = api.employee()
    body = {"employee_id": person, "kind": "clock_in", "occurred_at": datetime.now(UTC).isoformat()}
    api.device().post("/v1/punches", json=body).raise_for_status()
    eventually(lambda: api.admin.get(f"/v1/employees/{person}/state").json()["state"] == "in")
