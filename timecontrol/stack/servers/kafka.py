"""Apache Kafka as one KRaft node: broker and controller in one process, passwords on both listeners."""

import base64
import shutil
import subprocess
import uuid
from pathlib import Path

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from timecontrol.kafka_client import client_config
from timecontrol.settings import Settings
from timecontrol.stack.binaries import kafka_class_path, system_program
from timecontrol.stack.errors import StackError
from timecontrol.stack.files import make_directory, write_private
from timecontrol.stack.kafka.provision import provision
from timecontrol.stack.program import Program

HEAP = ("-Xms256m", "-Xmx512m")
LOGGING = (
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
)


def broker(settings: Settings) -> Program:
    """The one node of the cluster. It runs as the user of the stack: Debian has no package and so no user of it."""
    directory = settings.home / "kafka"
    java = system_program("java", "default-jre-headless")
    class_path = kafka_class_path()

    def prepare() -> None:
        make_directory(directory)
        write_private(directory / "server.properties", configuration(settings, directory))
        if not (directory / "data/meta.properties").exists():
            shutil.rmtree(directory / "data", ignore_errors=True)
            format_storage(settings, java, class_path, directory)

    def answers() -> bool:
        try:
            # Errors come back with the answer; librdkafka's own log lines would only repeat them.
            admin = AdminClient(client_config(settings, "admin") | {"log_level": 0})
            return bool(admin.list_topics(timeout=2).brokers)
        except KafkaException:
            return False

    return Program(
        name="kafka",
        command=(
            *(str(java), *HEAP, *LOGGING, "-XX:+ExitOnOutOfMemoryError", "-Djava.awt.headless=true"),
            *("-cp", class_path, "kafka.Kafka", str(directory / "server.properties")),
        ),
        answers=answers,
        directory=directory,
        ports=(settings.kafka.port, settings.kafka_controller.port),
        prepare=prepare,
        provision=lambda: provision(settings),
        start_wait_seconds=90,
        stop_wait_seconds=30,
    )


def format_storage(settings: Settings, java: Path, class_path: str, directory: Path) -> None:
    """Make the log directory with a new cluster id and the broker's own user; raises StackError."""
    password = settings.secrets.kafka["admin"].get_secret_value()
    # Arguments by file: the process list shows a command line to everybody.
    arguments = write_private(
        directory / "format.args",
        f"-cp {argument_quoted(class_path)} {' '.join(LOGGING[:1])} kafka.tools.StorageTool format --cluster-id {new_cluster_id()} "
        f"--config {argument_quoted(f'{directory}/server.properties')} --add-scram SCRAM-SHA-256=[name=admin,password={password}]\n",
    )
    try:
        outcome = subprocess.run([str(java), f"@{arguments}"], capture_output=True, text=True, check=False)
    finally:
        arguments.unlink()
    if outcome.returncode != 0:
        raise StackError(f"kafka: its storage could not be formatted.\n{outcome.stdout}{outcome.stderr}")


def new_cluster_id() -> str:
    """A new id as Kafka writes them; as there, none begins with a dash, which its tools would take for an option."""
    while (made := base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")).startswith("-"):
        pass
    return made


def configuration(settings: Settings, directory: Path) -> str:
    """server.properties. The controllers' listener takes PLAIN: SCRAM users live in the metadata it has yet to load."""
    password = jaas_quoted(settings.secrets.kafka["admin"].get_secret_value())
    broker_address = f"{settings.kafka.host}:{settings.kafka.port}"
    controller = f"{settings.kafka_controller.host}:{settings.kafka_controller.port}"
    login = "org.apache.kafka.common.security"
    return f"""\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{controller}
controller.listener.names=CONTROLLER
listeners=BROKER://{broker_address},CONTROLLER://{controller}
advertised.listeners=BROKER://{broker_address}
inter.broker.listener.name=BROKER
listener.security.protocol.map=BROKER:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT
sasl.mechanism.inter.broker.protocol=SCRAM-SHA-256
listener.name.broker.sasl.enabled.mechanisms=SCRAM-SHA-256
listener.name.broker.scram-sha-256.sasl.jaas.config={login}.scram.ScramLoginModule required \
username="admin" password={password};
sasl.mechanism.controller.protocol=PLAIN
listener.name.controller.sasl.enabled.mechanisms=PLAIN
listener.name.controller.plain.sasl.jaas.config={login}.plain.PlainLoginModule required \
username="admin" password={password} user_admin={password};
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
allow.everyone.if.no.acl.found=false
super.users=User:admin
log.dirs={directory}/data
auto.create.topics.enable=false
# One node: each of these would wait for three.
default.replication.factor=1
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
offsets.topic.num.partitions=4
transaction.state.log.num.partitions=4
group.initial.rebalance.delay.ms=0
# A consumer that was killed gives up its partitions after 6 s, not 45.
group.consumer.min.session.timeout.ms=6000
group.consumer.session.timeout.ms=6000
group.consumer.min.heartbeat.interval.ms=2000
group.consumer.heartbeat.interval.ms=2000
log.cleaner.dedupe.buffer.size=33554432
num.network.threads=2
num.io.threads=4
"""


def argument_quoted(value: str) -> str:
    """A word of a Java argument file, in which a space would end it."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def jaas_quoted(password: str) -> str:
    """A password as a JAAS string inside a Java properties file."""
    inner = password.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + inner.replace("\\", "\\\\") + '"'
