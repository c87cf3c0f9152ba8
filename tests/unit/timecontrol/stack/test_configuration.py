"""What is written into the servers' configuration: odd passwords, and nothing that listens to the world."""

import os
import pwd
import shlex

import pytest

from timecontrol.settings import Secrets, Settings, read_settings
from timecontrol.stack.credentials import completed
from timecontrol.stack.environment import exports
from timecontrol.stack.errors import StackError
from timecontrol.stack.kafka.topics import GROUPS, READS, TOPICS, WRITES, acl_bindings
from timecontrol.stack.servers import kafka, mysql, redis
from timecontrol.stack.servers.postgres_roles import stack_user
from timecontrol.stack.supervisor import environment_value

ODD = "a'b\"c\\d%e"


def settings_with(**servers: dict[str, str]) -> Settings:
    made = completed({})
    secrets = made | {server: made[server] | given for server, given in servers.items()}
    return read_settings().model_copy(update={"secrets": Secrets.model_validate(secrets)})


def test_mysql_quotes_a_password() -> None:
    statements = mysql.account_statements(settings_with(mysql={"hr": "a'b\\c"}))
    assert "ALTER USER 'hr'@'127.0.0.1' IDENTIFIED BY 'a''b\\\\c';" in statements.splitlines()


def test_mysql_keeps_its_users_out_of_the_binary_log() -> None:
    assert mysql.account_statements(settings_with()).splitlines()[0] == "SET sql_log_bin = 0;"


def test_kafka_quotes_a_password_for_jaas_and_for_properties() -> None:
    assert kafka.jaas_quoted(ODD) == '"a\'b\\\\"c\\\\\\\\d%e"'


def test_redis_keeps_passwords_as_hashes_and_has_no_default_user() -> None:
    settings = settings_with()
    lines = redis.access_list(settings, "write_redis").splitlines()
    assert lines[0].split()[:4] == ["user", "default", "reset", "off"]
    assert not any(secret.get_secret_value() in line for line in lines for secret in settings.secrets.redis.values())


def test_every_topic_of_the_rights_is_in_the_table() -> None:
    names = {topic.name for topic in TOPICS}
    assert {topic for topics in WRITES.values() for topic in topics} == names
    assert {topic for topics in READS.values() for topic in topics} == names | {"*"}


def test_rights_are_for_named_users_only() -> None:
    assert {binding.principal for binding in acl_bindings()} == {f"User:{user}" for user in (*WRITES, *READS, *GROUPS)}


def test_a_value_for_a_service_keeps_its_quotes() -> None:
    assert environment_value("A", '["x"]') == "'[\"x\"]'"
    assert environment_value("A", "50%") == '"50%%"'


@pytest.mark.parametrize("value", [ODD, '"quoted"', "ends'"])
def test_a_value_that_the_supervisor_cannot_hold_is_named(value: str) -> None:
    with pytest.raises(StackError, match=r"^TIMECONTROL_X cannot be passed on"):
        environment_value("TIMECONTROL_X", value)


@pytest.mark.parametrize(
    ("role", "users"),
    [
        ("operator", ("operator", "operator", "operator")),
        ("terminal", ("operator", "terminal", "operator")),
        ("hr", ("operator", "operator", "hr")),
        ("owner", ("owner", "operator", "operator")),
    ],
)
def test_a_server_that_does_not_know_a_role_gets_the_operator(role: str, users: tuple[str, str, str]) -> None:
    shown = exports(settings_with(), role)
    assert (shown["PGUSER"], shown["KAFKA_USERNAME"], shown["MYSQL_USER"]) == users


def test_a_password_in_an_address_is_quoted() -> None:
    shown = exports(settings_with(redis={"operator": "a/b@c"}))
    assert "operator:a%2Fb%40c@127.0.0.1" in shown["REDIS_URL"]
    assert shlex.split(shlex.quote(shown["REDIS_URL"])) == [shown["REDIS_URL"]]


def test_the_stacks_user_is_the_process_s_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL asks the socket whose process it is."""
    nobody = pwd.getpwnam("nobody")
    monkeypatch.setattr(os, "geteuid", lambda: nobody.pw_uid)
    monkeypatch.setenv("LOGNAME", "another")
    assert stack_user() == "nobody"
