-- compliance.day_of_rest: one day of the workweek without work. Pending until the week is over.
with weeks as (
    select
        weeks.*,
        {{ minutes_to_seconds("sets.day_of_rest ->> 'exempt_if_week_up_to_minutes'") }} as exempt_week_seconds,
        {{ minutes_to_seconds("sets.day_of_rest ->> 'exempt_if_every_day_up_to_minutes'") }} as exempt_day_seconds
    from {{ ref('int_compliance_weeks') }} as weeks
    inner join {{ ref('int_parameter_sets') }} as sets on weeks.set_key = sets.set_key
    where sets.day_of_rest is not null
),

answered as (
    select
        *,
        case
            when ends_at > now_at then 'pending'
            when worked_days < 7 then 'satisfied'
            when week_seconds <= exempt_week_seconds or longest_day_seconds <= exempt_day_seconds then 'not_applicable'
            else 'violated'
        end as status
    from weeks
)

select
    employee_id,
    workweek,
    workweek as date,
    'day_of_rest' as rule,
    'compliance.day_of_rest' as parameter,
    set_key,
    status,
    case when status = 'violated' then 'missing' end as reason,
    null::bigint as required_seconds,
    null::bigint as actual_seconds,
    null as worked_shift_id,
    case when status = 'pending' then ends_at end as changes_at
from answered
