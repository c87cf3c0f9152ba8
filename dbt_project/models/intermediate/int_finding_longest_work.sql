-- compliance.longest_work_minutes: the longest work without a break that counts. Of several worked shifts of a day the
-- worst counts, of equal ones the earlier.
with shifts as (
    select distinct employee_id, workweek, workday, worked_shift_id, set_key, shift_from_at
    from {{ ref('int_compliance_spans') }}
    where shift_work_seconds > 0
),

answered as (
    select
        shifts.*,
        sets.longest_work_seconds as limit_seconds,
        longest.longest_seconds,
        case when longest.longest_seconds > sets.longest_work_seconds then 'violated' else 'satisfied' end as status
    from shifts
    inner join {{ ref('int_parameter_sets') }} as sets on shifts.set_key = sets.set_key
    inner join {{ ref('int_longest_work') }} as longest on shifts.worked_shift_id = longest.worked_shift_id
    where sets.longest_work_seconds is not null
)

select distinct on (employee_id, workday)
    employee_id,
    workweek,
    workday as date,
    'longest_work' as rule,
    'compliance.longest_work_minutes' as parameter,
    set_key,
    status,
    case when status = 'violated' then 'exceeded' end as reason,
    limit_seconds as required_seconds,
    longest_seconds as actual_seconds,
    worked_shift_id,
    null::timestamptz as changes_at
from answered
order by employee_id, workday, {{ worst_first('status') }}, shift_from_at
