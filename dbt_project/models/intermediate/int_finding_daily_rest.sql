-- compliance.daily_rest: elapsed rest before each worked shift that has one before it, dated on the later one. A reduced rest
-- is allowed so many times a workweek, and is pending until another rest makes it good or the time for that has passed.
with shifts as not materialized (select * from {{ ref('fct_worked_shifts') }}),

rests as (
    select
        shifts.employee_id,
        shifts.workweek,
        shifts.workday,
        shifts.worked_shift_id,
        shifts.started_at,
        shifts.rest_before_seconds,
        employees.set_key,
        employees.now_at,
        sets.daily_rest_seconds as required_seconds,
        {{ minutes_to_seconds("sets.daily_rest ->> 'reduced_to_minutes'") }} as reduced_seconds,
        (sets.daily_rest ->> 'reduced_times_per_week')::integer as reduced_times,
        {{ minutes_to_seconds("sets.daily_rest ->> 'compensate_with_minutes'") }} as compensation_seconds,
        {{ plus_seconds('shifts.started_at', "86400 * (sets.daily_rest ->> 'compensate_within_days')::integer") }} as compensation_ends_at
    from shifts
    inner join {{ ref('int_employees') }} as employees
        on shifts.employee_id = employees.employee_id and shifts.workday >= employees.valid_from and shifts.workday < employees.valid_to
    inner join {{ ref('int_parameter_sets') }} as sets on employees.set_key = sets.set_key
    where sets.daily_rest is not null and {{ is_touched_finding('shifts', "'compliance.daily_rest'") }}
),

judged as (
    select
        rests.*,
        case
            -- Nobody knows when the worked shift before ended.
            when rests.rest_before_seconds is null then false
            when rests.rest_before_seconds >= rests.required_seconds then true
            when rests.rest_before_seconds < rests.reduced_seconds or rests.reduced_seconds is null then false
            when rests.reduced_times is null then true
            else (
                select count(*)
                from shifts as earlier
                where
                    earlier.employee_id = rests.employee_id
                    and earlier.workweek = rests.workweek
                    and earlier.started_at < rests.started_at
                    and earlier.rest_before_seconds >= rests.reduced_seconds
                    and earlier.rest_before_seconds < rests.required_seconds
            ) < rests.reduced_times
        end as is_allowed,
        rests.rest_before_seconds < rests.required_seconds
        and rests.compensation_seconds is not null
        and not exists (
            select from shifts as later
            where
                later.employee_id = rests.employee_id
                and later.started_at > rests.started_at
                and later.rest_before_seconds >= rests.compensation_seconds
                and {{ plus_seconds('later.started_at', '-later.rest_before_seconds') }} <= rests.compensation_ends_at
        ) as is_to_be_made_good
    from rests
    where
        rests.rest_before_seconds is not null
        or exists (
            select from shifts as earlier
            where earlier.employee_id = rests.employee_id and earlier.started_at < rests.started_at
        )
),

answered as (
    select
        *,
        case
            when rest_before_seconds is null then 'pending'
            when not is_allowed then 'violated'
            when is_to_be_made_good then case when compensation_ends_at <= now_at then 'violated' else 'pending' end
            else 'satisfied'
        end as status
    from judged
)

select
    employee_id,
    workweek,
    workday as date,
    'daily_rest' as rule,
    'compliance.daily_rest' as parameter,
    set_key,
    status,
    case
        when rest_before_seconds is null then 'missing'
        when status = 'violated' then 'short'
    end as reason,
    case when rest_before_seconds is not null then required_seconds end as required_seconds,
    rest_before_seconds as actual_seconds,
    worked_shift_id,
    case when status = 'pending' and rest_before_seconds is not null then compensation_ends_at end as changes_at
from answered
