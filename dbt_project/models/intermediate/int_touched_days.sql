-- Touched stretches of days. Each stretch of time is widened to the whole worked shifts around it, then by what rules over
-- several days need. Which workday an instant belongs to is decided by site and policy: west of UTC the local date is a day
-- earlier, and a workday that starts late begins on the date before; east of UTC the local date is a day later.
{% if full_run() %}
select null::text as employee_id, null::date as from_day, null::date as to_day where false
{% else %}
with active as (
    -- Between which instants anything is known of an employee whose stretches may reach further; nothing changes outside.
    select people.employee_id, min(bounds.first_at) as first_at, max(bounds.last_at) as last_at
    from (select distinct employee_id from {{ ref('int_touched_instants') }} where not is_known) as people
    cross join lateral (
        select min(known.occurred_at) as first_at, max(known.occurred_at) as last_at
        from {{ ref('int_known_punches') }} as known where known.employee_id = people.employee_id
        union all
        select min(shifts.starts_at), max(shifts.ends_at)
        from {{ ref('stg_shift_versions') }} as shifts where shifts.employee_id = people.employee_id
        union all
        select min(leaves.starts_at), max(leaves.ends_at)
        from {{ ref('stg_leave_versions') }} as leaves where leaves.employee_id = people.employee_id
        union all
        select {{ utc_instant('min(old.workweek)::text') }}, {{ utc_instant('(max(old.workweek) + 7)::text') }}
        from {{ existing('marts', 'fct_workdays') }} as old where old.employee_id = people.employee_id
        union all
        -- Whose punches are another's now (a badge that has found its holder) may have had no workday.
        select {{ utc_instant('min(old.workweek)::text') }}, {{ utc_instant('(max(old.workweek) + 7)::text') }}
        from {{ existing('marts', 'fct_punches') }} as old where old.employee_id = people.employee_id
        union all
        -- A window of findings may begin before the first day with work, and end long after the last.
        select {{ utc_instant('min(old.workweek)::text') }}, null
        from {{ existing('marts', 'fct_findings') }} as old where old.employee_id = people.employee_id
        union all
        select null, max(old.changes_at)
        from {{ existing('marts', 'fct_findings') }} as old where old.employee_id = people.employee_id and old.changes_at is not null
    ) as bounds
    group by people.employee_id
),

stretches as (
    select employee_id, from_at, to_at
    from {{ ref('int_touched_instants') }}
    where is_known and from_at is not null
    union
    select
        instants.employee_id,
        greatest(instants.from_at, active.first_at) as from_at,
        least(instants.to_at, active.last_at) as to_at
    from {{ ref('int_touched_instants') }} as instants
    inner join active on instants.employee_id = active.employee_id
    where not instants.is_known and instants.from_at <= active.last_at and instants.to_at >= active.first_at
),

widened as (
    select
        employee_id,
        ({{ fn('chunk_start') }}(employee_id, from_at) at time zone 'UTC')::date - 2 as from_day,
        ({{ fn('chunk_end') }}(employee_id, to_at) at time zone 'UTC')::date + 1 as to_day
    from (
        -- One walk for the stretches that lie close together.
        select employee_id, min(from_at) as from_at, max(to_at) as to_at
        from (
            select
                *,
                sum(case when from_at <= latest_before + interval '1 day' then 0 else 1 end) over (
                    partition by employee_id order by from_at, to_at rows between unbounded preceding and current row
                ) as island
            from (
                select
                    *,
                    max(to_at) over (
                        partition by employee_id order by from_at, to_at rows between unbounded preceding and 1 preceding
                    ) as latest_before
                from stretches
            ) as marked
        ) as islands
        group by employee_id, island
    ) as merged
),

-- The last worked shift before, where it stays open: whether a later punch has left it behind may be new.
left_open as (
    select widened.employee_id, before.workday as from_day, before.workday as to_day
    from widened
    cross join lateral (
        select old.workday, old.ended_at
        from {{ existing('marts', 'fct_worked_shifts') }} as old
        where old.employee_id = widened.employee_id and old.started_at < {{ utc_instant('widened.from_day::text') }}
        order by old.started_at desc
        limit 1
    ) as before
    where before.ended_at is null
),

all_days as (
    select * from widened
    union
    select * from left_open
),

-- A day may make those after it rolling seventh days. Each set of parameters that the employee ever has may ask for that,
-- and for weeks and periods of its own; the widest counts.
parameters as (
    -- Who is no more (a badge that has found its holder) has no policy, and rows that must go.
    select all_days.*, sets.seventh_day_scope, sets.seventh_day_number, sets.week_starts_on, sets.period_tiers
    from all_days
    left join {{ ref('int_employees') }} as employees on all_days.employee_id = employees.employee_id
    left join {{ ref('int_parameter_sets') }} as sets on employees.set_key = sets.set_key
),

followed as (
    select
        *,
        to_day + max(case when seventh_day_scope = 'rolling' then seventh_day_number - 1 else 0 end) over (
            partition by employee_id, from_day, to_day
        ) as last_day
    from parameters
),

-- A day changes the tiers of its whole period. What a week claims is open for no period: a change in it reaches, in the
-- order of time, to its last day, and to the end of the period that this lies in.
reach as (
    select
        employee_id,
        from_day,
        to_day,
        last_day,
        {{ period_start('from_day', 'period_tiers') }} as period_from,
        {{ period_start('(' ~ week_start('last_day', 'week_starts_on') ~ ' + 6)', 'period_tiers') }} + {{ period_days('period_tiers') }} - 1 as period_to
    from followed
)

select
    employee_id,
    least(from_day, min(period_from)) as from_day,
    greatest(last_day, max(period_to)) as to_day
from reach
group by employee_id, from_day, to_day, last_day
{% endif %}
