-- Worked shifts: their totals, what they matched and the rest before them.
{{ config(indexes=[{'columns': ['employee_id', 'workweek']}, {'columns': ['employee_id', 'started_at']}, {'columns': ['changes_at']}]) }}

with shifts as (select * from {{ ref('int_worked_shifts') }}),

totals as (select * from {{ ref('int_shift_totals') }}),

-- The worked shift before each, as this run computes them.
rests as (
    select
        shifts.worked_shift_id,
        {%- if is_incremental() %}
        case when stored.started_at > coalesce(neighbours.started_at, '-infinity') then stored.ended_at else neighbours.ended_at end as previous_end
        {%- else %}
        neighbours.ended_at as previous_end
        {%- endif %}
    from shifts
    inner join (
        select
            ordered.worked_shift_id,
            lag(ordered.started_at) over by_start as started_at,
            lag(ordered.ended_at) over by_start as ended_at
        from shifts as ordered
        window by_start as (partition by ordered.employee_id order by ordered.started_at)
    ) as neighbours on shifts.worked_shift_id = neighbours.worked_shift_id
    {%- if is_incremental() %}
    -- It may lie in a week that this run does not touch.
    left join lateral (
        select old.started_at, old.ended_at
        from {{ this }} as old
        where
            old.employee_id = shifts.employee_id
            and old.started_at < shifts.started_at
            and not exists (
                select from {{ ref('int_touched_weeks') }} as touched
                where touched.employee_id = old.employee_id and touched.workweek = old.workweek
            )
        order by old.started_at desc
        limit 1
    ) as stored on true
    {%- endif %}
),

final as (
    select
        shifts.worked_shift_id,
        shifts.employee_id,
        shifts.workweek,
        shifts.workday,
        shifts.started_at,
        shifts.ended_at,
        shifts.session_count,
        coalesce(totals.gross_seconds, 0)::bigint as gross_seconds,
        coalesce(totals.worked_seconds, 0)::bigint as worked_seconds,
        coalesce(totals.unpaid_break_seconds, 0)::bigint as unpaid_break_seconds,
        coalesce(totals.paid_break_seconds, 0)::bigint as paid_break_seconds,
        coalesce(totals.auto_deducted_seconds, 0)::bigint as auto_deducted_seconds,
        coalesce(totals.auto_added_seconds, 0)::bigint as auto_added_seconds,
        {{ seconds_between('rests.previous_end', 'shifts.started_at') }} as rest_before_seconds,
        {{ plus_seconds('shifts.ended_at', 'sets.daily_rest_seconds') }} as earliest_next_start,
        shifts.matched_shift_id,
        shifts.matched_shift_start,
        shifts.site_id,
        shifts.time_zone,
        shifts.policy,
        -- An open worked shift reaches to now, so every run looks at it again until it is given up, and when it is closed.
        case
            when shifts.ended_at is not null then null
            when not shifts.is_cut and shifts.now_at <= {{ plus_seconds('shifts.first_at', '2 * shifts.max_shift_seconds') }} then shifts.now_at
            else shifts.closes_at
        end as changes_at
    from shifts
    inner join {{ ref('int_parameter_sets') }} as sets on shifts.set_key = sets.set_key
    left join totals on shifts.worked_shift_id = totals.worked_shift_id
    left join rests on shifts.worked_shift_id = rests.worked_shift_id
)

select * from final where {{ is_touched('final') }}
