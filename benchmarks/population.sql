-- foundation --
-- Where the population stands: its people, and what is drawn by chance, from a seed and a key alone.
create schema benchmark
create table people (
    n integer primary key,
    employee_id text not null,
    policy text not null,
    site_id text not null,
    time_zone text not null,
    begins_at interval not null,
    day_off integer not null
);

create function benchmark.draw(seed bigint, n integer, day date, topic integer) returns double precision
language sql immutable parallel safe
-- 24 bits of the hash, as a fraction of 1; the hash of day and topic is the seed of that of the person.
return (
    hashint8extended(n, hashint8extended(((day - '2000-01-01'::date)::bigint << 8) + topic, seed)) & 16777215
) / 16777216.0;

create function benchmark.is_on_leave(seed bigint, n integer, day date) returns boolean
language sql immutable parallel safe
-- In a quarter of the quarters of a year somebody is away for five days.
return benchmark.draw(seed, n, date_trunc('quarter', day)::date, 1) < 0.25
and day - date_trunc('quarter', day)::date - (80 * benchmark.draw(seed, n, date_trunc('quarter', day)::date, 2))::integer between 0 and 4;

create function benchmark.planned(seed bigint, day date)
returns table (
    n integer, employee_id text, site_id text, shift_id text, starts_at timestamptz, meal_at timestamptz, ends_at timestamptz
)
language sql stable parallel safe
begin atomic
    select
        people.n,
        people.employee_id,
        people.site_id,
        people.employee_id || ':' || day,
        started.at,
        started.at + interval '4 hours',
        started.at + interval '8 hours'
    from benchmark.people
    cross join lateral (select (day + people.begins_at) at time zone people.time_zone as at) as started
    where extract(isodow from day) <> people.day_off;
end;

-- people --
-- A third of the people at the sites of each policy; seven of ten work by day, two late, one by night; six days a week.
insert into benchmark.people
select
    n,
    'E' || lpad(n::text, 6, '0'),
    (array['us-flsa', 'us-ca', 'de-arbzg'])[mod(n, 3) + 1],
    'site-' || lpad(mod(n, 30)::text, 2, '0'),
    (array['America/New_York', 'America/Los_Angeles', 'Europe/Berlin'])[mod(n, 3) + 1],
    (array[6, 6, 7, 7, 8, 8, 9, 14, 14, 22])[mod(n / 3, 10) + 1] * interval '1 hour',
    -- Sunday for most; every fourth has a day of their own.
    case when mod(n, 4) = 0 then mod(n / 4, 7) + 1 else 7 end
from generate_series(0, :employees - 1) as n;

-- sites --
-- The sites of these people.
insert into core.sites (site_id, name, time_zone, actor)
select distinct site_id, site_id, time_zone, 'benchmark' from benchmark.people order by site_id;

-- employees --
-- The people as the User Core has them.
insert into core.employees (employee_id, name, site_id, team, cost_center, actor)
select employee_id, 'Name ' || n, site_id, 'team-' || mod(n, 100), 'cc-' || mod(n, 50), 'benchmark' from benchmark.people;

-- assignments --
-- Their policies.
insert into core.policy_assignments (employee_id, policy, actor)
select employee_id, policy, 'benchmark' from benchmark.people;

-- holidays --
-- The first weekday of each month is a holiday at every site.
insert into core.holidays (site_id, holiday, name, actor)
select distinct people.site_id, months.month::date, 'holiday', 'benchmark'
from benchmark.people
cross join generate_series(date_trunc('month', :first_day::date), :last_day::date, interval '1 month') as months (month)
where extract(isodow from months.month) < 6;

-- leave --
-- Days away, whole local days.
insert into core.leave (leave_id, employee_id, starts_at, ends_at, first_day, last_day, actor)
select
    people.employee_id || ':' || days.day::date, people.employee_id, days.day, days.day + interval '5 days',
    days.day::date, days.day::date + 4, 'benchmark'
from benchmark.people
cross join generate_series(:first_day::date, :last_day::date, interval '1 day') as days (day)
where benchmark.is_on_leave(:seed, people.n, days.day::date) and not benchmark.is_on_leave(:seed, people.n, days.day::date - 1);

-- shifts --
-- The scheduled shifts of a day; one in fifty was planned an hour later at first.
insert into core.shifts (shift_id, employee_id, starts_at, ends_at, breaks, site_id, actor)
select
    planned.shift_id,
    planned.employee_id,
    planned.starts_at + versions.delay,
    planned.ends_at + versions.delay,
    jsonb_build_array(jsonb_build_object(
        'start', planned.meal_at + versions.delay, 'end', planned.meal_at + versions.delay + interval '30 minutes', 'paid', false
    )),
    planned.site_id,
    'benchmark'
from benchmark.planned(:seed, :day::date) as planned
cross join (values (interval '1 hour'), (interval '0')) as versions (delay)
where versions.delay = interval '0' or benchmark.draw(:seed, planned.n, :day::date, 3) < 0.02
order by versions.delay desc, planned.n;

-- punches --
-- The punches of a day: in, meal, out; some rests; now and then one is missing, comes twice, has no direction, or is
-- corrected the next day.
insert into raw.punches (
    event_id, employee_id, kind, occurred_at, received_at, source, device_id, site_id, break_type, supersedes,
    topic_partition, topic_offset, batch_id
)
with present as (
    select
        planned.*,
        planned.starts_at + (interval '1 second' * (900 * benchmark.draw(:seed, planned.n, :day::date, 5) - 600)::integer) as in_at,
        planned.meal_at + (interval '1 second' * (3600 * benchmark.draw(:seed, planned.n, :day::date, 6) - 1800)::integer) as pause_at,
        interval '1 second' * (1200 + 1200 * benchmark.draw(:seed, planned.n, :day::date, 7))::integer as pause_length,
        -- One in ten stays for one to three hours more.
        planned.ends_at + (interval '1 second' * case
            when benchmark.draw(:seed, planned.n, :day::date, 8) < 0.1 then 3600 + 7200 * benchmark.draw(:seed, planned.n, :day::date, 9)
            else 1200 * benchmark.draw(:seed, planned.n, :day::date, 9) - 300
        end::integer) as out_at,
        benchmark.draw(:seed, planned.n, :day::date, 10) < 0.58 as has_first_rest,
        benchmark.draw(:seed, planned.n, :day::date, 11) < 0.18 as has_second_rest
    from benchmark.planned(:seed, :day::date) as planned
    where not benchmark.is_on_leave(:seed, planned.n, :day::date) and benchmark.draw(:seed, planned.n, :day::date, 4) >= 0.03
),

whole as (
    select present.n, present.employee_id, present.site_id, made.place, made.kind, made.break_type, made.at
    from present
    cross join lateral (
        values
        (1, 'clock_in', null, present.in_at, true),
        (2, 'break_start', 'rest', present.in_at + interval '2 hours', present.has_first_rest),
        (3, 'break_end', null, present.in_at + interval '2 hours 11 minutes', present.has_first_rest),
        (4, 'break_start', 'meal', present.pause_at, true),
        (5, 'break_end', null, present.pause_at + present.pause_length, true),
        (6, 'break_start', 'rest', present.pause_at + interval '2 hours', present.has_second_rest),
        (7, 'break_end', null, present.pause_at + interval '2 hours 12 minutes', present.has_second_rest),
        (8, 'clock_out', null, present.out_at, true)
    ) as made (place, kind, break_type, at, is_made)
    where made.is_made
),

chances as (
    select
        *,
        md5(concat_ws('|', :seed::bigint, n, :day::date, place))::uuid as event_id,
        benchmark.draw(:seed, n, :day::date, 20 + place) as chance
    from whole
),

captured as (
    select event_id, n, employee_id, site_id, kind, break_type, at, null::uuid as supersedes, interval '1 second' as delay
    from chances
    where chance >= 0.013
    union all
    -- What never came is half of a hundredth; of the others, in bands of the same draw: no direction, repeated, corrected.
    select event_id, n, employee_id, site_id, case when chance < 0.006 then 'unknown' else kind end, break_type, at, null, interval '1 second'
    from chances
    where chance >= 0.005 and chance < 0.013
    union all
    select md5(event_id || 'again')::uuid, n, employee_id, site_id, kind, break_type, at + interval '4 seconds', null, interval '1 second'
    from chances
    where chance >= 0.006 and chance < 0.009
    union all
    select md5(event_id || 'corrected')::uuid, n, employee_id, site_id, kind, break_type, at - interval '7 minutes', event_id, interval '1 day'
    from chances
    where chance >= 0.009 and chance < 0.013
)

select
    event_id, employee_id, kind, at, at + delay, 'benchmark', site_id || '-terminal', site_id, break_type, supersedes,
    0, :first_offset + row_number() over (order by at, event_id), :day::date - '2000-01-01'::date
from captured
order by at, event_id;

-- corrections --
-- What managers approve on a day: three in a hundred people get a punch of the fortnight before it corrected or voided.
insert into raw.punches (
    event_id, employee_id, kind, occurred_at, received_at, source, device_id, site_id, supersedes, voids,
    topic_partition, topic_offset, batch_id
)
select
    md5(chosen.event_id || 'approved')::uuid, chosen.employee_id, chosen.kind, chosen.at, :day::date + interval '12 hours', 'benchmark', 'manager',
    chosen.site_id, case when not chosen.is_void then chosen.event_id end, case when chosen.is_void then chosen.event_id end,
    0, :first_offset + row_number() over (order by chosen.employee_id), :day::date - '2000-01-01'::date
from (
    select distinct on (people.n)
        punches.event_id,
        people.employee_id,
        punches.kind,
        people.site_id,
        benchmark.draw(:seed, people.n, :day::date, 51) < 0.25 as is_void,
        punches.occurred_at + interval '11 minutes' as at
    from benchmark.people
    inner join raw.punches as punches
        on
            people.employee_id = punches.employee_id
            and punches.occurred_at >= :day::date - 14
            and punches.occurred_at < :day::date - 1
    where benchmark.draw(:seed, people.n, :day::date, 50) < 0.03 and punches.supersedes is null and punches.kind in ('clock_in', 'clock_out')
    order by people.n, md5(punches.event_id::text)
) as chosen;

-- analyze --
-- What autovacuum would have done since.
analyze raw.punches, core.shifts, core.employees, core.policy_assignments, core.leave, core.holidays, core.sites, policy.parameters;

-- settle --
-- What autovacuum does after a full run, in its own time; the checkpointer writes what it left.
vacuum (analyze) raw.punches, core.shifts, intermediate.int_compliance_days, marts.fct_exceptions, marts.fct_findings,
marts.fct_pay_lineage, marts.fct_pay_lines, marts.fct_punches, marts.fct_segments, marts.fct_sessions, marts.fct_shift_outcomes,
marts.fct_worked_shifts, marts.fct_workdays;
