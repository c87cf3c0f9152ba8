"""What somebody asks to be compared."""

import hashlib
import tempfile
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field

from timecontrol.policy.difference import Chosen, choose
from timecontrol.policy.files import PolicyFolder, PolicyName

# A hundred times the longest policy of the repository.
DRAFT_CHARACTERS = 1_000_000
# Messages name a draft by this folder: draft/us-ca.yaml:12.
DRAFTS = "draft"


class Request(BaseModel, frozen=True, extra="forbid"):
    """Two policies of the repository, or one and a draft of the new one, and the workdays, both ends included."""

    old: PolicyName
    new: PolicyName
    draft: Annotated[str | None, Field(max_length=DRAFT_CHARACTERS)] = None
    """The YAML of the file `<new>.yaml`, where the new policy is not the repository's."""
    first_day: date
    last_day: date

    @property
    def id(self) -> str:
        """The same question has the same id, whoever asks it."""
        return hashlib.blake2b(self.model_dump_json().encode(), digest_size=16).hexdigest()


def sides(folder: PolicyFolder, request: Request) -> tuple[Chosen, Chosen]:
    """The two policies; raises UserError, InvalidFiles with the lines of a draft that are wrong."""
    old = choose(folder, request.old, "old")
    if request.draft is None:
        return old, choose(folder, request.new, "new")
    with tempfile.TemporaryDirectory(prefix="timecontrol-") as made:
        path = Path(made) / DRAFTS / f"{request.new}.yaml"
        path.parent.mkdir()
        path.write_text(request.draft, encoding="utf-8")
        return old, choose(folder, str(path), "new")
