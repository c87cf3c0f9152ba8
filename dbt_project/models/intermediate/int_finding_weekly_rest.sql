-- compliance.weekly_rest: in each period with work (the workweek, 14 days from an anchor, or those from each worked day on) the
-- longest rest, or the sum of the pieces that are long enough. A rest is cut at both ends of the period. Who has not clocked
-- out may work as long as a worked shift can last. Pending until the period is over.
with shifts as (select employee_id, started_at, ended_at from {{ ref('fct_worked_shifts') }}),

days as not materialized (select * from {{ ref('int_compliance_days') }}),

-- Every date on which a period may begin.
dates as (
    {%- if full_run() %}
    select employee_id, workweek as first_day from days
    union
    select employee_id, workday from days
    union
    select days.employee_id, days.workday - offsets.days
    from days
    cross join lateral generate_series(0, 13) as offsets (days)
    where
        days.employee_id in (
            select employees.employee_id
            from {{ ref('int_employees') }} as employees
            inner join {{ ref('int_parameter_sets') }} as sets on employees.set_key = sets.set_key
            where (sets.weekly_rest ->> 'per_days')::integer = 14
        )
    {%- else %}
    select distinct cells.employee_id, cells.workweek + offsets.days as first_day
    from {{ ref('int_touched_findings') }} as cells
    cross join lateral generate_series(0, 6) as offsets (days)
    where coalesce(cells.parameter, 'compliance.weekly_rest') = 'compliance.weekly_rest'
    {%- endif %}
),

ruled as (
    select
        dates.employee_id,
        dates.first_day,
        {{ week_start('dates.first_day', 'sets.week_starts_on') }} as workweek,
        employees.set_key,
        employees.now_at,
        sets.max_shift_seconds,
        coalesce((sets.weekly_rest ->> 'per_days')::integer, 7) as period_days,
        coalesce((sets.weekly_rest ->> 'rolling')::boolean, false) as is_rolling,
        (sets.weekly_rest ->> 'anchor_date')::date as anchor_date,
        {{ minutes_to_seconds("sets.weekly_rest ->> 'minutes'") }} as required_seconds,
        {{ minutes_to_seconds("sets.weekly_rest ->> 'pieces_of_at_least_minutes'") }} as piece_seconds
    from dates
    inner join {{ ref('int_employees') }} as employees
        on dates.employee_id = employees.employee_id and dates.first_day >= employees.valid_from and dates.first_day < employees.valid_to
    inner join {{ ref('int_parameter_sets') }} as sets on employees.set_key = sets.set_key
    where sets.weekly_rest is not null
),

periods as (
    select
        ruled.*,
        {{ workday_begin('ruled.employee_id', 'ruled.first_day') }} as starts_at,
        {{ workday_begin('ruled.employee_id', 'ruled.first_day + ruled.period_days') }} as ends_at
    from ruled
    where
        case
            when ruled.is_rolling then true
            when ruled.period_days = 14 then (ruled.first_day - ruled.anchor_date) % 14 = 0
            else ruled.first_day = ruled.workweek
        end
        and exists (
            select from days
            where
                days.employee_id = ruled.employee_id
                and days.workday >= ruled.first_day
                and days.workday < ruled.first_day + case when ruled.is_rolling then 1 else ruled.period_days end
        )
),

-- Work cuts the period; its end is the last cut.
cuts as (
    select
        periods.*,
        greatest(shifts.started_at, periods.starts_at) as from_at,
        least(coalesce(shifts.ended_at, {{ plus_seconds('shifts.started_at', 'periods.max_shift_seconds') }}), periods.ends_at) as to_at
    from periods
    inner join shifts
        on
            periods.employee_id = shifts.employee_id
            and shifts.started_at <= periods.ends_at
            -- A session that the policy closes may have lasted longer than a worked shift can.
            and shifts.started_at >= {{ plus_seconds('periods.starts_at', '-2 * periods.max_shift_seconds') }}
    where coalesce(shifts.ended_at, {{ plus_seconds('shifts.started_at', 'periods.max_shift_seconds') }}) >= periods.starts_at
    union all
    select periods.*, periods.ends_at as from_at, periods.ends_at as to_at  -- noqa: AL08 a cut of no length
    from periods
),

rests as (
    select
        cuts.*,
        {{ seconds_between(
            "coalesce(max(cuts.to_at) over (
                partition by cuts.employee_id, cuts.first_day order by cuts.from_at, cuts.to_at
                rows between unbounded preceding and 1 preceding
            ), cuts.starts_at)",
            "cuts.from_at"
        ) }} as seconds
    from cuts
),

measured as (
    select
        employee_id,
        first_day,
        workweek,
        set_key,
        now_at,
        ends_at,
        required_seconds,
        case
            when piece_seconds is null then max(seconds)
            else coalesce(sum(seconds) filter (where seconds >= piece_seconds), 0)
        end::bigint as actual_seconds
    from rests
    group by employee_id, first_day, workweek, set_key, now_at, ends_at, required_seconds, piece_seconds
),

answered as (
    select
        *,
        case
            when ends_at > now_at then 'pending'
            when actual_seconds >= required_seconds then 'satisfied'
            else 'violated'
        end as status
    from measured
)

select
    employee_id,
    workweek,
    first_day as date,
    'weekly_rest' as rule,
    'compliance.weekly_rest' as parameter,
    set_key,
    status,
    case when status = 'violated' then 'short' end as reason,
    case when status <> 'pending' then required_seconds end as required_seconds,
    case when status <> 'pending' then actual_seconds end as actual_seconds,
    null as worked_shift_id,
    case when status = 'pending' then ends_at end as changes_at
from answered
