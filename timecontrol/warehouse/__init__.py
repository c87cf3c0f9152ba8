"""The data access layer: connections and pools, migrations, named SQL, raw rows. The only Python of ours that opens connections to PostgreSQL."""
