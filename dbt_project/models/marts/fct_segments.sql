-- The time between two consecutive used punches of a worked shift, unrounded; cut at workday boundaries where the policy
-- splits worked shifts there. A sleep over the limit of its policy is two segments.
{{ config(indexes=[{'columns': ['employee_id', 'workweek']}]) }}

with segments as (
    select segments.*, sets.attribution, sets.day_starts_seconds, sets.week_starts_on
    from {{ ref('int_segments') }} as segments
    inner join {{ ref('int_parameter_sets') }} as sets on segments.set_key = sets.set_key
),

cut as (
    select
        segments.*,
        segments.workday as cut_day,
        segments.workweek as cut_week,
        segments.started_at as cut_start,
        segments.ended_at as cut_end,
        segments.segment_id as cut_id
    from segments
    where attribution <> 'split_at_boundary' or ended_at is null
    union all
    select
        segments.*,
        days.day::date,
        {{ week_start('days.day::date', 'segments.week_starts_on') }},
        greatest(segments.started_at, {{ fn('workday_start') }}(days.day::date, segments.day_starts_seconds, segments.time_zone)),
        least(segments.ended_at, {{ fn('workday_start') }}(days.day::date + 1, segments.day_starts_seconds, segments.time_zone)),
        segments.segment_id || '@' || days.day::date
    from segments
    cross join lateral generate_series(
        {{ fn('workday_of') }}(segments.started_at, segments.day_starts_seconds, segments.time_zone)::timestamp,
        {{ fn('workday_of') }}(
            greatest(segments.started_at, segments.ended_at - interval '1 second'), segments.day_starts_seconds, segments.time_zone
        )::timestamp,
        interval '1 day'
    ) as days (day)
    where segments.attribution = 'split_at_boundary' and segments.ended_at is not null
),

final as (
    select
        cut_id as segment_id,
        employee_id,
        cut_week as workweek,
        cut_day as workday,
        worked_shift_id,
        case when not is_gap then session_id end as session_id,
        kind,
        break_type,
        case kind when 'work' then true when 'break' then treated_as <> 'unpaid' else false end as is_paid,
        cut_start as started_at,
        cut_end as ended_at,
        {{ seconds_between('cut_start', 'cut_end') }} as seconds,
        start_event_id,
        end_event_id,
        site_id,
        time_zone
    from cut
)

select * from final where {{ is_touched('final') }}
