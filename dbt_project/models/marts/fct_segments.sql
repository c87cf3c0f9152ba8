-- The time between two consecutive used punches of a worked shift, unrounded; cut at workday boundaries where the policy
-- splits worked shifts there. A sleep over the limit of its policy is two segments.
{{ config(indexes=[{'columns': ['employee_id', 'workweek']}]) }}

with segments as (
    select
        segments.*,
        sets.attribution,
        sets.day_starts_seconds,
        sets.week_starts_on,
        {{ days_of_span('segments', 'sets', 'started_at', 'ended_at') }}
    from {{ ref('int_segments') }} as segments
    inner join {{ ref('int_parameter_sets') }} as sets on segments.set_key = sets.set_key
),

daily as (select segments.*, {{ each_day('segments') }} as cut_day from segments),

cut as (
    select
        daily.*,
        {{ week_start('daily.cut_day', 'daily.week_starts_on') }} as cut_week,
        {{ begin_on_day('daily', 'cut_day', 'started_at') }} as cut_start,
        {{ end_on_day('daily', 'cut_day', 'ended_at') }} as cut_end,
        case
            when daily.attribution = 'split_at_boundary' and daily.ended_at is not null then daily.segment_id || '@' || daily.cut_day
            else daily.segment_id
        end as cut_id
    from daily
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
