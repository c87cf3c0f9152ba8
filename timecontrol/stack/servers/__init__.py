"""The servers of the design, each as a `Program`: one module for each kind."""

from timecontrol.settings import Settings
from timecontrol.stack.program import Program
from timecontrol.stack.servers import kafka, mongo, mysql, postgres, redis

SERVER_NAMES = ("postgres", "replica", "payroll_db", "write_redis", "read_redis", "kafka", "mysql", "mongo")


def servers(settings: Settings) -> dict[str, Program]:
    """Every server of a stack by its name; raises MissingPackage naming the first that is not installed."""
    programs = (
        postgres.primary(settings),
        postgres.replica(settings),
        postgres.payroll_db(settings),
        redis.write_redis(settings),
        redis.read_redis(settings),
        kafka.broker(settings),
        mysql.legacy_hr(settings),
        mongo.documents(settings),
    )
    return {program.name: program for program in programs}
