-- captured --
-- Punches by where they came from: source, punches, people.
select
    source,
    count(*) as punches,
    count(distinct employee_id) as people
from raw.punches
group by source
order by punches desc;

-- capture_totals --
-- What else capture did: quarantined records and lines, repeats that were dropped, rows of the legacy image.
select
    (select count(*) from raw.quarantine) as quarantined,
    (select coalesce(sum(repeat_count), 0) from raw.batches) as repeats_dropped,
    (select count(*) from raw.hr_image) as legacy_rows;

-- computed --
-- What the marts hold: employees, worked shifts, hours, violations, exceptions.
select
    (select count(*) from marts.dim_employees) as employees,
    (select count(*) from marts.fct_worked_shifts) as worked_shifts,
    (select round(sum(worked_seconds) / 3600.0, 1) from marts.fct_workdays) as worked_hours,
    (select round(sum(paid_seconds) / 3600.0, 1) from marts.fct_workdays) as paid_hours,
    (select count(*) from marts.fct_findings where status = 'violated') as violations,
    (select count(*) from marts.fct_exceptions) as exceptions;

-- outbox_depth --
-- Records that Kafka has not acknowledged yet, and punches that PostgreSQL does not have again yet.
select count(*) as records from core.outbox;
