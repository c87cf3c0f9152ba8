"""The servers as the stack runs them: passwords everywhere, replication, and being killed, paused and started twice."""

import os
import signal

import psycopg
import pymongo
import pymongo.errors
import pymysql
import pytest
import redis
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.running_stack import RunningStack
from tests.waiting import eventually
from timecontrol.kafka_client import client_config
from timecontrol.settings import Address
from timecontrol.stack.measures import replica_age_seconds
from timecontrol.stack.servers import SERVER_NAMES
from timecontrol.warehouse.pools import Server, address, connect, conninfo

# redis-py would ask ten times before it reports a refusal.
ONCE = Retry(NoBackoff(), 0)
POSTGRES_SERVERS: tuple[Server, ...] = ("postgres", "replica", "payroll_db")


@pytest.mark.parametrize("server", POSTGRES_SERVERS)
@pytest.mark.parametrize("password", ["", "wrong"])
@pytest.mark.parametrize("user", ["operator", "owner", "postgres"])
def test_postgres_refuses_a_wrong_password_and_the_superuser(
    stack: RunningStack, server: Server, password: str, user: str
) -> None:
    where = address(stack.require(server), server)
    with pytest.raises(psycopg.OperationalError, match=r"no password supplied|password authentication failed|pg_hba"):
        psycopg.connect(host=where.host, port=where.port, dbname=where.database, user=user, password=password)


@pytest.mark.parametrize("server", ["write_redis", "read_redis"])
def test_redis_refuses_a_client_without_and_with_a_wrong_password(stack: RunningStack, server: str) -> None:
    where: Address = getattr(stack.require(server), server)
    with pytest.raises(redis.AuthenticationError, match="HELLO must be called with the client already authenticated"):
        redis.Redis(where.host, where.port, retry=ONCE).ping()
    with pytest.raises(redis.AuthenticationError, match="invalid username-password"):
        redis.Redis(where.host, where.port, username="app", password="wrong", retry=ONCE).ping()


def test_redis_app_may_not_administer(stack: RunningStack) -> None:
    settings = stack.require("write_redis")
    app = redis.Redis(
        settings.write_redis.host,
        settings.write_redis.port,
        username="app",
        password=settings.secrets.redis["app"].get_secret_value(),
    )
    with pytest.raises(redis.exceptions.NoPermissionError):
        app.config_set("appendfsync", "no")
    with pytest.raises(redis.exceptions.NoPermissionError):
        app.flushall()


@pytest.mark.parametrize("user", [None, "app", "root"])
def test_mongo_refuses_a_client_without_and_with_a_wrong_password(stack: RunningStack, user: str | None) -> None:
    where = stack.require("mongo").mongo
    client: pymongo.MongoClient[dict[str, object]] = pymongo.MongoClient(
        where.host, where.port, directConnection=True, username=user, password=user and "wrong"
    )
    with client, pytest.raises(pymongo.errors.OperationFailure, match=r"requires authentication|Authentication failed"):
        client["timecontrol"].list_collection_names()


@pytest.mark.parametrize("user", ["root", "hr", "operator", ""])
@pytest.mark.parametrize("password", ["", "wrong"])
def test_mysql_refuses_a_client_without_and_with_a_wrong_password(
    stack: RunningStack, user: str, password: str
) -> None:
    where = stack.require("mysql").mysql
    with pytest.raises(pymysql.err.OperationalError, match=r"Access denied|not allowed"):
        pymysql.connect(host=where.host, port=where.port, user=user, password=password)


@pytest.mark.parametrize("port", ["kafka", "kafka_controller"])
def test_kafka_refuses_a_client_without_a_password(stack: RunningStack, port: str) -> None:
    where: Address = getattr(stack.require("kafka"), port)
    admin = AdminClient({"bootstrap.servers": f"{where.host}:{where.port}", "log_level": 0})
    with pytest.raises(KafkaException):
        admin.list_topics(timeout=3)


def test_kafka_refuses_a_wrong_password(stack: RunningStack) -> None:
    config = client_config(stack.require("kafka"), "operator") | {"sasl.password": "wrong", "log_level": 0}
    with pytest.raises(KafkaException):
        AdminClient(config).list_topics(timeout=3)


def test_what_the_primary_writes_is_read_on_the_replica_and_cannot_be_written_there(stack: RunningStack) -> None:
    settings = stack.require("postgres", "replica")
    with connect(settings, "ingest") as primary:
        primary.execute(
            "insert into ops.heartbeat (name, beat_at) values ('test', now()) "
            "on conflict (name) do update set beat_at = excluded.beat_at"
        )
        written = primary.execute("select beat_at from ops.heartbeat where name = 'test'").fetchone()
    with psycopg.connect(conninfo(settings, "ingest", "replica"), autocommit=True) as replica:
        eventually(
            lambda: replica.execute("select beat_at from ops.heartbeat where name = 'test'").fetchone() == written
        )
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            replica.execute("delete from ops.heartbeat")


@pytest.mark.parametrize("name", SERVER_NAMES)
def test_a_killed_server_comes_back_by_itself(stack: RunningStack, name: str) -> None:
    stack.require(name)
    before = stack.pid(name)
    stack.kill([name])
    eventually(lambda: stack.pid(name) != before and stack.programs[name].answers(), timeout=60)


def test_a_paused_server_does_not_answer_and_goes_on_when_resumed(stack: RunningStack) -> None:
    stack.require("write_redis")
    stack.pause(["write_redis"])
    try:
        assert not stack.programs["write_redis"].answers()
        assert {each.name: each.state for each in stack.conditions()}["write_redis"] == "PAUSED"
    finally:
        stack.resume(["write_redis"])
    eventually(stack.programs["write_redis"].answers)


def test_a_paused_server_can_be_stopped(stack: RunningStack) -> None:
    stack.require("read_redis")
    stack.pause(["read_redis"])
    stack.down(["read_redis"])
    assert {each.name: each.state for each in stack.conditions()}["read_redis"] in ("STOPPED", "EXITED")
    assert not stack.programs["read_redis"].answers()
    stack.require("read_redis")


def test_starting_what_runs_changes_nothing(stack: RunningStack) -> None:
    stack.require(*SERVER_NAMES)
    before = {name: stack.pid(name) for name in SERVER_NAMES}
    stack.require(*SERVER_NAMES)
    assert {name: stack.pid(name) for name in SERVER_NAMES} == before


def test_a_killed_service_comes_back_by_itself_and_stays_down_when_stopped(stack: RunningStack) -> None:
    stack.require("heartbeat", "replica")
    before = stack.pid("heartbeat")
    stack.kill(["heartbeat"])
    eventually(lambda: stack.pid("heartbeat") != before)
    eventually(lambda: (replica_age_seconds(stack.settings) or 60) < 5)
    stack.down(["heartbeat"])
    eventually(lambda: (replica_age_seconds(stack.settings) or 0) > 5)
    assert {each.name: each.state for each in stack.conditions()}["heartbeat"] == "STOPPED"
    stack.require("heartbeat")


def test_a_stack_whose_supervisor_was_killed_starts_again(stack: RunningStack) -> None:
    stack.require("write_redis", "postgres")
    before = stack.pid("write_redis")
    os.kill(int((stack.settings.home / "run/supervisord.pid").read_text()), signal.SIGKILL)
    stack.require("write_redis", "postgres")
    assert stack.pid("write_redis") != before


@pytest.mark.parametrize("meanwhile", ["stopped", "running"])
def test_a_replica_whose_slot_is_lost_is_built_anew(stack: RunningStack, meanwhile: str) -> None:
    settings = stack.require("postgres", "replica")
    stack.down(["replica"])
    with connect(settings, "replication") as primary:
        primary.execute("select pg_drop_replication_slot('replica')")
    if meanwhile == "running":
        # It answers, and will never again have what is new.
        stack.start_unprepared("replica")
    stack.require("replica")
    with connect(settings, "operator") as primary:
        assert primary.execute("select active from pg_replication_slots where slot_name = 'replica'").fetchone() == (
            True,
        )


def test_the_heartbeat_hangs_up_on_a_primary_that_is_frozen(stack: RunningStack) -> None:
    """One on another machine that vanished would be waited for until TCP gives up, a quarter of an hour."""
    settings = stack.require("postgres", "heartbeat")
    log = settings.home / "logs/heartbeat.log"
    with connect(settings, "operator") as primary:
        eventually(lambda: primary.execute("select from ops.heartbeat where name = 'primary'").fetchone() is not None)
    told = log.read_text().count("primary_does_not_answer")
    stack.pause(["postgres"])
    try:
        eventually(lambda: log.read_text().count("primary_does_not_answer") > told)
    finally:
        stack.resume(["postgres"])
