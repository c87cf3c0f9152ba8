"""The accounts that a new system has: an administrator, an HR analyst, payroll; their passwords in a file of mode 0600."""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from timecontrol.core.access import Role
from timecontrol.core.accounts import create_account
from timecontrol.settings import Settings
from timecontrol.stack.files import write_private

FIRST_ACCOUNTS: dict[str, tuple[Role, ...]] = {"admin": ("admin", "hr"), "hr": ("hr",), "payroll": ("payroll",)}
# 18 bytes are 24 characters: beyond guessing, and still typed in one line.
PASSWORD_BYTES = 18


@dataclass(frozen=True)
class SignIn:
    """How to sign in as one of them."""

    login: str
    password: str


def accounts_file(settings: Settings) -> Path:
    """Where the passwords lie."""
    return settings.home / "accounts.json"


def ensure_accounts(settings: Settings) -> dict[str, SignIn]:
    """Make the accounts that are not there yet; returns them by login. Passwords are made once and kept in the file.

    Raises Transient when the primary does not answer.
    """
    path = accounts_file(settings)
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    passwords = {login: known.get(login) or secrets.token_urlsafe(PASSWORD_BYTES) for login in FIRST_ACCOUNTS}
    write_private(path, json.dumps(passwords, indent=2) + "\n")
    for login, roles in FIRST_ACCOUNTS.items():
        create_account(settings, login, passwords[login], roles, None)
    return {login: SignIn(login, password) for login, password in passwords.items()}
