"""`schema.sql`: the whole schema as the migrations leave it, for reading; a test holds the two equal.

`python -m timecontrol.warehouse.schema` prints it from the running stack; write it to the file after a new migration.
"""

import os
import subprocess
import sys

from timecontrol.settings import Settings, load_settings


def dump_schema(settings: Settings) -> str:
    """The schema of the primary without dbt's schemas and without what only this dump knows (versions, keys).

    Raises CalledProcessError when pg_dump fails.
    """
    where = settings.postgres
    command = ["pg_dump", "--schema-only", "--no-comments", "--host", where.host, "--port", str(where.port)]
    command += ["--username", "owner", where.database]
    for schema in ("raw", "core", "policy", "ops", "ledger", "payroll"):
        command += ["--schema", schema]
    environment = os.environ | {"PGPASSWORD": settings.secrets.postgres["owner"].get_secret_value()}
    dump = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    # Comments name versions of server and client; \restrict lines carry a random key.
    kept = [
        line for line in dump.splitlines() if line and not line.startswith(("--", "\\", "SET ", "SELECT pg_catalog."))
    ]
    return "\n".join(kept) + "\n"


if __name__ == "__main__":
    sys.stdout.write(dump_schema(load_settings()))
