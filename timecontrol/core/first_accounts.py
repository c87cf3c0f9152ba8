"""The accounts that a new system has: an administrator, an HR analyst, payroll; their passwords in a file of mode 0600."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from timecontrol.clock import SystemClock
from timecontrol.core.access import Role
from timecontrol.core.accounts import change_account, create_account
from timecontrol.kept_files import read_kept_texts
from timecontrol.settings import Settings
from timecontrol.stack.files import write_private
from timecontrol.warehouse.core_store import core_engine, transaction
from timecontrol.warehouse.core_tables import Account

# 18 bytes are 24 characters: beyond guessing, and still typed in one line.
PASSWORD_BYTES = 18


@dataclass(frozen=True)
class FirstAccount:
    """An account to be there; one with an `employee_id` can punch at the web clock."""

    login: str
    roles: tuple[Role, ...]
    employee_id: str | None = None


STAFF = (
    FirstAccount("admin", ("admin", "hr")),
    FirstAccount("hr", ("hr",)),
    FirstAccount("payroll", ("payroll",)),
)


@dataclass(frozen=True)
class SignIn:
    """How to sign in as one of them."""

    login: str
    password: str


def accounts_file(settings: Settings) -> Path:
    """Where the passwords lie."""
    return settings.home / "accounts.json"


def ensure_accounts(settings: Settings, accounts: Sequence[FirstAccount] = STAFF) -> dict[str, SignIn]:
    """Make the accounts that are not there yet; returns them by login. Passwords are made once and kept in the file.

    An account whose password the file does not know, because it was lost, gets a new one. Raises Transient when the
    primary does not answer, KeptFileError where the file is damaged.
    """
    path = accounts_file(settings)
    passwords = read_kept_texts(path)
    for account in accounts:
        if account.login in passwords:
            create_account(settings, account.login, passwords[account.login], account.roles, account.employee_id)
            continue
        password = secrets.token_urlsafe(PASSWORD_BYTES)
        if not create_account(settings, account.login, password, account.roles, account.employee_id):
            _set_password(settings, account.login, password)
        # Written when it holds: what is cut short in between is an account without a known password, and gets a new one.
        passwords[account.login] = password
        write_private(path, json.dumps(passwords, indent=2) + "\n")
    return {account.login: SignIn(account.login, passwords[account.login]) for account in accounts}


def _set_password(settings: Settings, login: str, password: str) -> None:
    engine = core_engine(settings)
    try:
        with transaction(engine) as session:
            account = session.scalars(select(Account).where(Account.login == login)).one()
            now = SystemClock().now()
            change_account(session, account, roles=None, active=None, password=password, actor="stack", now=now)
    finally:
        engine.dispose()
