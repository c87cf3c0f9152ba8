"""The Postgres sink: every record exactly once into `raw.*`, rows and position in one transaction."""
