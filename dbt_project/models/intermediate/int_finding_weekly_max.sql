-- compliance.weekly_max: work of a workweek. What a week that is not over may still change is pending; a limit that was
-- exceeded stays so.
with weeks as (
    select
        weeks.*,
        {{ minutes_to_seconds("sets.weekly_max ->> 'minutes'") }} as limit_seconds,
        {{ minutes_to_seconds("sets.weekly_max ->> 'note_over_minutes'") }} as note_over_seconds
    from {{ ref('int_compliance_weeks') }} as weeks
    inner join {{ ref('int_parameter_sets') }} as sets on weeks.set_key = sets.set_key
    where sets.weekly_max is not null
),

answered as (
    select
        *,
        case
            when week_seconds > limit_seconds then 'violated'
            when ends_at > now_at then 'pending'
            else 'satisfied'
        end as status
    from weeks
)

select
    employee_id,
    workweek,
    workweek as date,
    'weekly_max' as rule,
    'compliance.weekly_max' as parameter,
    set_key,
    status,
    case
        when status = 'violated' then 'exceeded'
        when status = 'satisfied' and week_seconds > note_over_seconds then 'noted'
    end as reason,
    case when status <> 'pending' then limit_seconds end as required_seconds,
    case when status <> 'pending' then week_seconds end as actual_seconds,
    null as worked_shift_id,
    case when status = 'pending' then ends_at end as changes_at
from answered
