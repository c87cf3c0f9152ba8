"""What the API answers to a sign-in, and who may see pages."""

import httpx
import pytest

from dashboards.session import SignInRefused, read_answer

ANSWER = {
    "token": "t",
    "expires_at": "2026-11-24T20:00:00Z",
    "login": "ana",
    "employee_id": "E1",
    "roles": ["employee", "manager"],
}
REQUEST = httpx.Request("POST", "http://api/v1/sessions")


def response(status: int, body: object) -> httpx.Response:
    return httpx.Response(status, json=body, request=REQUEST)


def test_a_manager_sees_the_own_team_and_hr_everybody() -> None:
    assert read_answer(response(201, ANSWER)).manager_id == "E1"
    assert read_answer(response(201, ANSWER | {"roles": ["manager", "hr"]})).manager_id is None


@pytest.mark.parametrize("roles", [["employee"], [], ["something_new"]])
def test_no_page_is_for_who_has_no_role_for_it(roles: list[str]) -> None:
    with pytest.raises(SignInRefused, match="HR, payroll, managers and admins"):
        read_answer(response(201, ANSWER | {"roles": roles}))


def test_a_manager_without_a_number_has_no_team() -> None:
    with pytest.raises(SignInRefused):
        read_answer(response(201, ANSWER | {"roles": ["manager"], "employee_id": None}))


def test_the_reason_of_the_api_is_shown() -> None:
    with pytest.raises(SignInRefused, match=r"Login or password is wrong\. Check both\."):
        read_answer(response(401, {"code": "x", "reason": "Login or password is wrong.", "advice": "Check both."}))


@pytest.mark.parametrize("answer", [response(503, {}), response(201, {"hello": 1}), response(404, [])])
def test_an_api_that_is_not_well_is_said_to_be_so(answer: httpx.Response) -> None:
    with pytest.raises(SignInRefused, match=f"answered {answer.status_code}"):
        read_answer(answer)
