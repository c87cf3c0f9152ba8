"""Brings a running broker to what the table says: users, topics and rights."""

from typing import Any

from confluent_kafka.admin import (
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialAlteration,
    UserScramCredentialUpsertion,
)

from timecontrol.kafka_client import client_config
from timecontrol.settings import Settings
from timecontrol.stack.kafka.topics import TOPICS, Topic, acl_bindings

SCRAM_ITERATIONS = 4096
ANSWER_SECONDS = 15
# None is "any", as the client documents and its types do not say.
ANY: Any = None
EVERY_ACL = AclBindingFilter(
    ResourceType.ANY, ANY, ResourcePatternType.ANY, ANY, ANY, AclOperation.ANY, AclPermissionType.ANY
)


def provision(settings: Settings) -> None:
    """Make users, topics and rights that are not there yet, and take back rights that the table does not name."""
    # Errors come back with each answer; librdkafka's own log lines would only repeat them.
    admin = AdminClient(client_config(settings, "admin") | {"log_level": 0})
    _ensure_users(admin, settings)
    _ensure_topics(admin)
    _set_rights(admin)


def _ensure_users(admin: AdminClient, settings: Settings) -> None:
    credential = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, SCRAM_ITERATIONS)
    changes: list[UserScramCredentialAlteration] = [
        UserScramCredentialUpsertion(user, credential, secret.get_secret_value().encode())
        for user, secret in settings.secrets.kafka.items()
        # The broker's own user was made when its storage was formatted.
        if user != "admin"
    ]
    for answer in admin.alter_user_scram_credentials(changes, request_timeout=ANSWER_SECONDS).values():
        answer.result()


def _ensure_topics(admin: AdminClient) -> None:
    known = admin.list_topics(timeout=ANSWER_SECONDS).topics
    missing = [
        NewTopic(topic.name, num_partitions=topic.partitions, replication_factor=1, config=dict(topic.config))
        for topic in TOPICS
        if topic.name not in known
    ]
    if missing:
        for answer in admin.create_topics(missing, request_timeout=ANSWER_SECONDS).values():
            answer.result()
    settings = [_resource(topic) for topic in TOPICS if topic.name in known]
    if settings:
        for answer in admin.incremental_alter_configs(settings, request_timeout=ANSWER_SECONDS).values():
            answer.result()


def _set_rights(admin: AdminClient) -> None:
    wanted = set(acl_bindings())
    found = set(admin.describe_acls(EVERY_ACL, request_timeout=ANSWER_SECONDS).result())
    if wanted - found:
        for answer in admin.create_acls(list(wanted - found), request_timeout=ANSWER_SECONDS).values():
            answer.result()
    if found - wanted:
        strays = [
            AclBindingFilter(
                each.restype,
                each.name,
                each.resource_pattern_type,
                each.principal,
                each.host,
                each.operation,
                each.permission_type,
            )
            for each in found - wanted
        ]
        for answer in admin.delete_acls(strays, request_timeout=ANSWER_SECONDS).values():
            answer.result()


def _resource(topic: Topic) -> ConfigResource:
    entries = [
        ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET) for name, value in topic.config.items()
    ]
    return ConfigResource(ResourceType.TOPIC, topic.name, incremental_configs=entries)
