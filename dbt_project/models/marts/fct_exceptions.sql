-- What a person must look at. `at` is the instant of the punch concerned, else the start of the shift; the workday is that
-- of the worked shift's start, of a total that of the total. `punch` (in, out) is set where the event at `at` is to be found.
{{ config(indexes=[{'columns': ['employee_id', 'workweek']}, {'columns': ['workday']}]) }}

with shifts as (select * from {{ ref('int_worked_shifts') }}),

punches as (
    select
        punches.*,
        coalesce(shifts.start_day, {{ fn('workday_of') }}(punches.at, sets.day_starts_seconds, punches.time_zone)) as workday
    from {{ ref('int_punches') }} as punches
    inner join {{ ref('int_parameter_sets') }} as sets on punches.set_key = sets.set_key
    left join shifts on punches.worked_shift_id = shifts.worked_shift_id
    -- Only those that an exception may be about: most are about none.
    where
        punches.exceptions is not null
        or punches.attributes is not null
        or punches.session_id in (select open.last_session_id from shifts as open where open.is_open)
),

outcomes as (select * from {{ ref('int_shift_outcomes') }}),

days as (
    select days.*, employees.origin, employees.has_shifts, sets.compares_with_shifts
    from {{ ref('int_workdays') }} as days
    inner join {{ ref('int_employees') }} as employees
        on days.employee_id = employees.employee_id and days.workday >= employees.valid_from and days.workday < employees.valid_to
    inner join {{ ref('int_parameter_sets') }} as sets on days.set_key = sets.set_key
    where days.first_in is not null
),

of_punches as (
    select punches.employee_id, punches.workday, found.kind, punches.at, punches.event_id, null as shift_id, null as punch
    from punches
    cross join lateral unnest(string_to_array(punches.exceptions, ',')) as found (kind)
    where punches.exceptions is not null
    union all
    select punches.employee_id, punches.workday, marks.kind, punches.at, punches.event_id, null, null
    from punches
    cross join (values ('ambiguous_time', 'ambiguous_time'), ('clock_drift', 'clock_drift_seconds')) as marks (kind, attribute)
    where punches.attributes ? marks.attribute and punches.attributes ->> marks.attribute <> 'false'
),

of_sessions as (
    select
        shifts.employee_id,
        shifts.start_day as workday,
        case when shifts.closed_at is not null then 'auto_clock_out' when shifts.is_cut then 'missing_clock_out' else 'open_session' end as kind,
        coalesce(shifts.closed_at, punches.at) as at,
        punches.event_id,
        null as shift_id,
        null as punch
    from shifts
    inner join punches on shifts.worked_shift_id = punches.worked_shift_id and shifts.last_session_id = punches.session_id and punches.begins_session
    where
        shifts.is_open
        and (
            shifts.closed_at is not null
            or shifts.is_cut
            or shifts.now_at > {{ plus_seconds('shifts.first_at', 'shifts.max_shift_seconds') }}
        )
),

of_breaks as (
    select employee_id, workday, kind, at, event_id, null as shift_id, punch from {{ ref('int_break_exceptions') }}
),

of_totals as (
    select employee_id, workday, kind, at, null::uuid as event_id, shift_id, punch from {{ ref('int_total_exceptions') }}
),

of_outcomes as (
    select outcomes.employee_id, found.workday, found.kind, found.at, null::uuid as event_id, outcomes.shift_id, found.punch
    from outcomes
    inner join {{ ref('int_parameter_sets') }} as sets on outcomes.set_key = sets.set_key
    cross join lateral (
        values
        ('overlapping_shifts', outcomes.start_day, outcomes.starts_at, null, outcomes.overlaps_earlier),
        (
            'early_in',
            outcomes.worked_start_day,
            outcomes.first_in_at,
            'in',
            {{ plus_seconds('outcomes.first_in_at', 'sets.early_in_grace_seconds') }} < outcomes.due_from
        ),
        ('late', outcomes.worked_start_day, outcomes.first_in_at, 'in', outcomes.late_seconds > 0),
        (
            'late',
            outcomes.start_day,
            outcomes.starts_at,
            null,
            not outcomes.has_punches
            and not outcomes.is_on_leave
            and not outcomes.is_holiday
            and outcomes.now_at > {{ plus_seconds('outcomes.due_from', 'outcomes.late_grace_seconds') }}
        ),
        ('early_leave', outcomes.worked_start_day, outcomes.last_out_at, 'out', outcomes.early_leave_seconds > 0),
        (
            'out_late',
            outcomes.worked_start_day,
            outcomes.last_out_at,
            'out',
            not outcomes.is_still_in
            and outcomes.last_out_at > {{ plus_seconds('outcomes.due_to', 'outcomes.late_out_grace_seconds') }}
        ),
        (
            'out_late',
            outcomes.worked_start_day,
            outcomes.starts_at,
            null,
            outcomes.is_still_in and outcomes.now_at > {{ plus_seconds('outcomes.due_to', 'outcomes.late_out_grace_seconds') }}
        ),
        ('no_show', outcomes.start_day, outcomes.starts_at, null, outcomes.outcome = 'no_show')
    ) as found (kind, workday, at, punch, holds)
    where found.holds
),

of_shifts as (
    select
        shifts.employee_id,
        shifts.start_day as workday,
        'unscheduled_work' as kind,
        shifts.started_at as at,
        null::uuid as event_id,
        null as shift_id,
        'in' as punch
    from shifts
    where
        shifts.matched_shift_id is null
        and exists (
            select from {{ ref('int_employees') }} as employees
            where employees.employee_id = shifts.employee_id and employees.has_shifts
        )
),

of_days as (
    select days.employee_id, days.workday, found.kind, days.first_in as at, null::uuid as event_id, null as shift_id, null as punch
    from days
    cross join lateral (
        values
        ('unknown_employee', days.origin = 'punches' and days.employee_id not like 'badge:%'),
        ('unknown_badge', days.employee_id like 'badge:%'),
        ('no_policy', days.origin <> 'punches' and days.policy is null),
        ('no_shift_assigned', days.origin <> 'punches' and days.compares_with_shifts and not days.has_shifts)
    ) as found (kind, holds)
    where found.holds
),

of_invalid_shifts as (
    select employee_id, workday, 'invalid_shift' as kind, at, null::uuid as event_id, shift_id, null as punch
    from {{ ref('int_invalid_shifts') }}
),

of_all as (
    select * from of_punches
    union all
    select * from of_sessions
    union all
    select * from of_breaks
    union all
    select * from of_totals
    union all
    select * from of_outcomes
    union all
    select * from of_shifts
    union all
    select * from of_days
    union all
    select * from of_invalid_shifts
),

-- The punch of each instant: of several the one that begins a session, or the last to end one.
named as (
    select distinct on (instants.employee_id, instants.at, instants.punch) instants.*, punches.event_id
    from (select distinct employee_id, at, punch from of_all where punch is not null) as instants
    inner join {{ ref('int_punches') }} as punches on instants.employee_id = punches.employee_id and instants.at = punches.at
    where punches.taken_as is not null and (punches.taken_as = 'clock_out' or instants.punch = 'in')
    order by
        instants.employee_id, instants.at, instants.punch,
        case when instants.punch = 'in' and punches.begins_session then 0 else 1 end, punches.step desc
),

exceptions as (
    select of_all.*, {{ week_start('of_all.workday', 'sets.week_starts_on') }} as workweek
    from of_all
    inner join {{ ref('int_employees') }} as employees
        on of_all.employee_id = employees.employee_id and of_all.workday >= employees.valid_from and of_all.workday < employees.valid_to
    inner join {{ ref('int_parameter_sets') }} as sets on employees.set_key = sets.set_key
)

select
    concat_ws(
        '|',
        exceptions.employee_id,
        exceptions.kind,
        exceptions.workday,
        {{ epoch('exceptions.at') }},
        coalesce(exceptions.event_id, named.event_id)::text,
        exceptions.shift_id
    ) as exception_id,
    exceptions.employee_id,
    exceptions.workweek,
    exceptions.workday,
    exceptions.kind,
    exceptions.at,
    coalesce(exceptions.event_id, named.event_id) as event_id,
    exceptions.shift_id,
    kinds.severity,
    kinds.detail
from exceptions
inner join {{ ref('int_exception_kinds') }} as kinds on exceptions.kind = kinds.kind
left join named
    on exceptions.employee_id = named.employee_id and exceptions.at = named.at and exceptions.punch = named.punch
where {{ is_touched('exceptions') }}
