-- Who is touched by what is new since the run before, and in which stretch of time: new punches and what they correct
-- or void, shifts and leave in their old and new places, changed reference data, requests, and time itself.
{% if full_run() %}
select null::text as employee_id, null::timestamptz as from_at, null::timestamptz as to_at, null::boolean as is_known where false
{% else %}
with recursive

runs as (select * from {{ ref('stg_runs') }}),

new_events as (
    select event_id, coalesce(supersedes, voids) as target_id, occurred_at
    from {{ ref('stg_punches') }}
    where xid >= (select previous_watermark from runs)
),

-- The void of a correction brings back what was corrected, and so on along the chain.
chain as (
    select target_id from new_events where target_id is not null
    union
    select earlier.target_id
    from chain
    -- Each is looked up: how long a chain is nobody can estimate, and a join of all punches would be planned.
    cross join lateral (
        select coalesce(old.supersedes, old.voids) as target_id
        from {{ existing('marts', 'fct_punches') }} as old
        where old.event_id = chain.target_id
        limit 1
    ) as earlier
    where earlier.target_id is not null
),

of_punches as (
    select known.employee_id, known.occurred_at as from_at, known.occurred_at as to_at  -- noqa: AL08 a stretch of one instant
    from {{ ref('int_known_punches') }} as known
    where known.xid >= (select previous_watermark from runs)
    union all
    select replaced.employee_id, replaced.occurred_at, replaced.occurred_at  -- noqa: AL08 a stretch of one instant
    from chain
    cross join lateral (
        select old.employee_id, old.occurred_at
        from {{ existing('marts', 'fct_punches') }} as old
        where old.event_id = chain.target_id
        limit 1
    ) as replaced
),

of_shifts as (
    -- One that ends before it begins is listed as an exception.
    select employee_id, from_at, to_at
    from {{ ref('stg_shift_versions') }}
    where
        employee_id is not null
        and shift_id in (
            select changed.shift_id from {{ ref('stg_shift_versions') }} as changed
            where changed.xid >= (select previous_watermark from runs)
        )
),

of_leave as (
    select employee_id, starts_at as from_at, ends_at as to_at
    from {{ ref('stg_leave_versions') }}
    where
        leave_id in (
            select changed.leave_id from {{ ref('stg_leave_versions') }} as changed
            where changed.xid >= (select previous_watermark from runs)
        )
),

-- Stretches in which the reference data is not what it was: overlapping ranges that differ, and what is only on one side.
changes as (
    select
        new.thing, new.thing_key, greatest(new.from_at, old.from_at) as from_at, least(new.to_at, old.to_at) as to_at,
        old.fingerprint as old_fingerprint, new.fingerprint as new_fingerprint
    from {{ ref('int_reference_state') }} as new
    inner join {{ existing('intermediate', 'int_reference_seen') }} as old
        on new.thing = old.thing and new.thing_key = old.thing_key and new.from_at < old.to_at and old.from_at < new.to_at
    where new.fingerprint <> old.fingerprint
    union all
    select new.thing, new.thing_key, new.from_at, new.to_at, null, new.fingerprint
    from {{ ref('int_reference_state') }} as new
    where
        not exists (
            select from {{ existing('intermediate', 'int_reference_seen') }} as old
            where new.thing = old.thing and new.thing_key = old.thing_key and new.from_at < old.to_at and old.from_at < new.to_at
        )
    union all
    select old.thing, old.thing_key, old.from_at, old.to_at, old.fingerprint, null
    from {{ existing('intermediate', 'int_reference_seen') }} as old
    where
        not exists (
            select from {{ ref('int_reference_state') }} as new
            where new.thing = old.thing and new.thing_key = old.thing_key and new.from_at < old.to_at and old.from_at < new.to_at
        )
),

of_reference as (
    select thing_key as employee_id, from_at, to_at from changes where thing = 'employee'
    union all
    select fingerprints.employee_id, changes.from_at, changes.to_at
    from changes
    cross join lateral (values (old_fingerprint), (new_fingerprint)) as fingerprints (employee_id)
    where changes.thing = 'identity' and fingerprints.employee_id is not null
    union all
    -- A site's zone or holiday touches who belongs there, who worked there and who was planned there.
    select employees.employee_id, changes.from_at, changes.to_at
    from changes
    inner join {{ ref('int_employees') }} as employees on changes.thing_key = employees.site_id
    where changes.thing in ('site', 'holiday')
    {%- for mart in ['fct_workdays', 'fct_worked_shifts', 'fct_shift_outcomes'] %}
    union all
    select old.employee_id, changes.from_at, changes.to_at
    from changes
    inner join {{ existing('marts', mart) }} as old
        on
            changes.thing_key = old.site_id
            -- A night shift reaches into the holiday from the workday before, or from the one after where that begins early.
            and (
                changes.thing = 'site'
                or old.workday between (changes.from_at at time zone 'UTC')::date - 1 and (changes.from_at at time zone 'UTC')::date + 1
            )
    where changes.thing in ('site', 'holiday')
    {%- endfor %}
    union all
    select old.employee_id, old.occurred_at, old.occurred_at  -- noqa: AL08 a stretch of one instant
    from changes
    inner join {{ existing('marts', 'fct_punches') }} as old on changes.thing_key = old.site_id
    where changes.thing = 'site'
    union all
    select employees.employee_id, '-infinity', 'infinity'
    from {{ ref('int_employees') }} as employees
    where exists (select from changes where changes.thing = 'pay_code')
),

-- Whatever the zone and the start of the workday, it lies between the UTC date before its own and the second one after. A
-- run that failed may not have come to find whom its requests concern.
requests as (
    select
        requested.*,
        {{ utc_instant('(requested.from_day - 1)::text') }} as from_at,
        {{ utc_instant('(requested.to_day + 3)::text') }} as to_at
    from {{ source('ops', 'run_requests') }} as requested
    inner join runs on requested.run_id > runs.previous_run_id and requested.run_id <= runs.run_id
),

-- Who has anything on a requested day, in the marts or in the inputs: what is asked for may be what was lost.
of_requests as (
    select employee_id, from_at, to_at from requests where employee_id is not null
    union all
    select people.employee_id, requests.from_at, requests.to_at
    from requests
    cross join lateral (
        select old.employee_id
        from {{ existing('marts', 'fct_workdays') }} as old
        where old.workday between requests.from_day and requests.to_day
        union
        select known.employee_id
        from {{ ref('int_known_punches') }} as known
        where known.occurred_at between requests.from_at and requests.to_at
        union
        select shifts.employee_id
        from {{ ref('stg_shift_versions') }} as shifts
        where shifts.from_at <= requests.to_at and shifts.to_at >= requests.from_at
        union
        select leaves.employee_id
        from {{ ref('stg_leave_versions') }} as leaves
        where leaves.starts_at <= requests.to_at and leaves.ends_at >= requests.from_at
    ) as people
    where requests.employee_id is null
),

of_time as (
    select employee_id, shift_start as from_at, shift_end as to_at
    from {{ existing('marts', 'fct_shift_outcomes') }}
    where changes_at <= (select now_at from runs)
    union all
    -- Who was still in: what is open reaches to now, and may be closed or given up since.
    select employee_id, started_at, started_at  -- noqa: AL08 a stretch of one instant
    from {{ existing('marts', 'fct_worked_shifts') }}
    where changes_at <= (select now_at from runs)
)

-- What is known lies where there is something to compute; reference data and requests may hold for all time.
select employee_id, from_at, to_at, true as is_known from of_punches
union
select employee_id, from_at, to_at, true from of_shifts
union
select employee_id, from_at, to_at, true from of_leave
union
select employee_id, from_at, to_at, false from of_reference
union
select employee_id, from_at, to_at, false from of_requests
union
select employee_id, from_at, to_at, true from of_time
{% endif %}
