"""The data access layer: connections and pools, migrations, named SQL, raw rows. Only here are connections to PostgreSQL opened."""
