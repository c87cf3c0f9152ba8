-- compliance.rest_periods: as many rest breaks of the minutes set as the work asks for. A fraction of the work counts
-- once it is a major one (over one half). Where rests are not punched nothing is said about them.
with spans as (select * from {{ ref('int_compliance_spans') }}),

shifts as (
    select
        spans.employee_id,
        spans.workweek,
        spans.workday,
        spans.worked_shift_id,
        spans.set_key,
        spans.shift_work_seconds,
        spans.shift_from_at,
        {{ minutes_to_seconds("sets.rest_periods ->> 'minutes'") }} as minimum_seconds,
        {{ minutes_to_seconds("sets.rest_periods ->> 'per_work_minutes'") }} as per_work_seconds,
        coalesce((sets.rest_periods ->> 'major_fraction')::boolean, false) as counts_major_fraction,
        coalesce({{ minutes_to_seconds("sets.rest_periods ->> 'none_under_work_minutes'") }}, 0) as none_under_seconds,
        coalesce((sets.rest_periods ->> 'recorded')::boolean, true) as is_recorded,
        count(*) filter (
            where coalesce(spans.break_type = 'rest', false)
            and spans.seconds >= {{ minutes_to_seconds("sets.rest_periods ->> 'minutes'") }}
        ) as taken_count,
        count(*) filter (where coalesce(spans.break_type = 'rest', false)) as any_count
    from spans
    inner join {{ ref('int_parameter_sets') }} as sets on spans.set_key = sets.set_key
    where sets.rest_periods is not null and spans.shift_work_seconds > 0
    group by
        spans.employee_id, spans.workweek, spans.workday, spans.worked_shift_id, spans.set_key, spans.shift_work_seconds,
        spans.shift_from_at, sets.rest_periods
),

required as (
    select
        *,
        case
            when not is_recorded or shift_work_seconds < none_under_seconds then 0
            when counts_major_fraction then greatest(ceil((shift_work_seconds - per_work_seconds / 2.0) / per_work_seconds), 0)
            else shift_work_seconds / per_work_seconds
        end::bigint as required_count
    from shifts
),

answered as (
    select
        *,
        case
            when required_count = 0 then 'not_applicable'
            when taken_count >= required_count then 'satisfied'
            else 'violated'
        end as status
    from required
)

select distinct on (employee_id, workday)
    employee_id,
    workweek,
    workday as date,
    'rest_periods' as rule,
    'compliance.rest_periods' as parameter,
    set_key,
    status,
    case
        when not is_recorded then 'not_recorded'
        when status = 'violated' then case when any_count = 0 then 'missing' else 'short' end
    end as reason,
    required_count * minimum_seconds as required_seconds,
    taken_count * minimum_seconds as actual_seconds,
    worked_shift_id,
    null::timestamptz as changes_at
from answered
order by employee_id, workday, {{ worst_first('status') }}, shift_from_at
