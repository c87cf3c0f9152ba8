-- What payroll's own server subscribes to: these tables and nothing else. A later table of these schemas is added to the
-- publication by the migration that makes it.

create publication payroll for table ledger.pay_periods, payroll.pay_lines, payroll.employees, payroll.manifests;

-- The first copy of a table is read with the rights of the subscriber's role.
grant usage on schema ledger, payroll to replication;
grant select on all tables in schema ledger, payroll to replication;
