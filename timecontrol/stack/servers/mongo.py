"""MongoDB for documents, refused payloads and the audit log: a replica set of one, so that it has transactions."""

from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from timecontrol.settings import MongoUser, Settings
from timecontrol.stack.binaries import mongod
from timecontrol.stack.errors import StackError
from timecontrol.stack.files import make_directory, write_private
from timecontrol.stack.program import Program
from timecontrol.stack.wait import wait_until

REPLICA_SET = "timecontrol"
DATABASE = "timecontrol"
ROLES: dict[MongoUser, list[dict[str, str]]] = {
    "root": [{"role": "root", "db": "admin"}],
    "app": [{"role": "readWrite", "db": DATABASE}, {"role": "dbAdmin", "db": DATABASE}],
    "operator": [{"role": "readAnyDatabase", "db": "admin"}, {"role": "clusterMonitor", "db": "admin"}],
}
ALREADY_INITIALIZED = 23
USER_EXISTS = 51003
UNAUTHORIZED = (13, 18)


def documents(settings: Settings) -> Program:
    """The server; its first user is made through the exception for a server on this machine that has none yet."""
    directory = settings.home / "mongo"
    address = settings.mongo

    def prepare() -> None:
        make_directory(directory)
        make_directory(directory / "data")
        write_private(directory / "key", settings.secrets.mongo_key_file.get_secret_value())

    def accepts_setup() -> bool:
        try:
            with client(settings, None) as unnamed:
                return bool(unnamed.admin.command("ping")["ok"])
        except PyMongoError:
            return False

    def answers() -> bool:
        try:
            with client(settings, "app") as app:
                app[DATABASE].command("ping")
                return bool(app.admin.command("hello")["isWritablePrimary"])
        except PyMongoError:
            return False

    return Program(
        name="mongo",
        command=(
            str(mongod()),
            *("--dbpath", str(directory / "data"), "--bind_ip", address.host, "--port", str(address.port)),
            *("--replSet", REPLICA_SET, "--auth", "--keyFile", str(directory / "key")),
            *("--unixSocketPrefix", str(directory), "--wiredTigerCacheSizeGB", "0.25", "--oplogSize", "256", "--quiet"),
            # A replica set of one has nobody to hand over to: stop at once.
            *("--setParameter", "shutdownTimeoutMillisForSignaledShutdown=0"),
            *("--setParameter", "diagnosticDataCollectionEnabled=false"),
        ),
        answers=answers,
        directory=directory,
        # No os_user: Debian has no package of MongoDB and so no user for it.
        ports=(address.port,),
        prepare=prepare,
        accepts_setup=accepts_setup,
        provision=lambda: provision(settings),
    )


def client(settings: Settings, user: MongoUser | None) -> MongoClient[dict[str, Any]]:
    """A client of this one server, with short bounds: for checks and set-up."""
    return MongoClient(
        settings.mongo.host,
        settings.mongo.port,
        directConnection=True,
        serverSelectionTimeoutMS=2000,
        connectTimeoutMS=2000,
        socketTimeoutMS=10000,
        username=user,
        password=settings.secrets.mongo[user].get_secret_value() if user else None,
    )


def provision(settings: Settings) -> None:
    """Make the replica set and the users, where they are not there yet."""
    member = f"{settings.mongo.host}:{settings.mongo.port}"
    if not _is_provisioned(settings):
        with client(settings, None) as unnamed:
            try:
                unnamed.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": [{"_id": 0, "host": member}]})
            except OperationFailure as error:
                if error.code not in (ALREADY_INITIALIZED, *UNAUTHORIZED):
                    raise
            _wait_for_primary(unnamed)
            _create_user(unnamed, settings, "root")
    with client(settings, "root") as root:
        _follow_port(root, member)
        for name in ROLES:
            if name != "root":
                _create_user(root, settings, name)


def _is_provisioned(settings: Settings) -> bool:
    try:
        with client(settings, "root") as root:
            root.admin.command("ping")
            return True
    except OperationFailure:
        return False


def _create_user(admin: MongoClient[dict[str, Any]], settings: Settings, name: MongoUser) -> None:
    password = settings.secrets.mongo[name].get_secret_value()
    try:
        admin.admin.command("createUser", name, pwd=password, roles=ROLES[name])
    except OperationFailure as error:
        if error.code != USER_EXISTS:
            raise
        admin.admin.command("updateUser", name, pwd=password, roles=ROLES[name])


def _follow_port(root: MongoClient[dict[str, Any]], member: str) -> None:
    """Let the replica set's only member have the address it listens on, when the stack has moved to other ports."""
    config = root.admin.command("replSetGetConfig")["config"]
    if config["members"][0]["host"] != member:
        config["members"][0]["host"] = member
        config["version"] += 1
        root.admin.command("replSetReconfig", config, force=True)
        _wait_for_primary(root)


def _wait_for_primary(admin: MongoClient[dict[str, Any]]) -> None:
    # An election of one takes well under a second.
    if not wait_until(lambda: bool(admin.admin.command("hello")["isWritablePrimary"]), seconds=20):
        raise StackError("mongo: the replica set has no primary after 20 s; see logs/mongo.log")
