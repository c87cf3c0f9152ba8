"""The first accounts: their passwords hold, also after the file that kept them was lost."""

import pytest

from tests.integration.api_client import NEEDED, Api, client
from tests.running_stack import RunningStack
from timecontrol.core.first_accounts import FirstAccount, SignIn, accounts_file, ensure_accounts


@pytest.fixture(scope="module")
def api(stack: RunningStack) -> Api:
    return Api(stack.require(*NEEDED))


def signed_in(api: Api, account: SignIn) -> dict[str, object]:
    body = {"login": account.login, "password": account.password}
    answer = client(api.settings).post("/v1/sessions", json=body)
    answer.raise_for_status()
    session: dict[str, object] = answer.json()
    return session


def test_made_again_the_passwords_stay(api: Api) -> None:
    first = ensure_accounts(api.settings)
    assert ensure_accounts(api.settings) == first
    assert set(first) == {"admin", "hr", "payroll"}
    assert signed_in(api, first["admin"])["roles"] == ["hr", "admin"]


def test_where_the_file_was_lost_the_accounts_get_passwords_that_hold(api: Api) -> None:
    before = ensure_accounts(api.settings)
    accounts_file(api.settings).unlink()
    after = ensure_accounts(api.settings)
    assert after["hr"].password != before["hr"].password
    assert signed_in(api, after["hr"])["roles"] == ["hr"]
    refused = client(api.settings).post("/v1/sessions", json={"login": "hr", "password": before["hr"].password})
    assert refused.status_code == 401


def test_a_persons_account_is_that_employees_and_the_others_stay(api: Api) -> None:
    before = ensure_accounts(api.settings)
    employee_id = api.employee()
    made = ensure_accounts(api.settings, [FirstAccount(f"of-{employee_id}", ("employee",), employee_id)])
    assert signed_in(api, made[f"of-{employee_id}"])["employee_id"] == employee_id
    assert ensure_accounts(api.settings) == before
