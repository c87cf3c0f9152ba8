-- What payroll takes. These tables exist on the primary and on payroll's own server, the same there by logical
-- replication (publication `payroll`); they are migrated, never made by dbt, which renames its tables when it builds them.

create schema ledger;
comment on schema ledger is 'Pay periods and what was fixed in them.';

create table ledger.pay_periods (
    period text primary key,
    starts_on date not null,
    ends_on date not null,
    check (ends_on >= starts_on)
);
comment on table ledger.pay_periods is 'A pay period by its name (2026-10 is the calendar month); both dates belong to it.';

create schema payroll;
comment on schema payroll is 'What payroll reads: hours by pay code, and a manifest for each export.';

create table payroll.pay_lines (
    employee_id text not null,
    workday date not null,
    pay_code text not null,
    source text not null,
    period text not null,
    seconds bigint not null,
    multiplier numeric(6, 3) not null,
    on_top boolean not null,
    policy text not null,
    cost_center text,
    site_id text,
    primary key (employee_id, workday, pay_code, source)
);
create index pay_lines_period on payroll.pay_lines (period);

create table payroll.employees (
    employee_id text primary key,
    name text not null,
    site_id text,
    cost_center text
);

create table payroll.manifests (
    period text primary key,
    watermark bigint not null,
    row_count integer not null,
    seconds bigint not null,
    employee_count integer not null,
    sha256 text not null,
    computed_at timestamptz not null
);
