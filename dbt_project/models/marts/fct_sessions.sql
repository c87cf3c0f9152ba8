-- Sessions, a clock_in to its clock_out: raw and rounded ends, what was worked, the breaks inside and what was deducted.
{{ config(indexes=[{'columns': ['employee_id', 'workweek']}]) }}

with segments as (select * from {{ ref('int_segments') }}),

ends as (
    select
        session_id,
        worked_shift_id,
        employee_id,
        workweek,
        workday,
        min(started_at) as in_at,
        max(ended_at) filter (where ends_session) as out_at,
        min(rounded_start) as rounded_in_at,
        max(rounded_end) filter (where ends_session) as rounded_out_at,
        (array_agg(start_event_id) filter (where begins_session))[1] as in_event_id,
        (array_agg(end_event_id) filter (where ends_session))[1] as out_event_id,
        bool_and(session_counts) as counts,
        coalesce(
            jsonb_agg(jsonb_build_object(
                'start', started_at, 'end', punched_end_at, 'rounded_start', rounded_start, 'rounded_end', rounded_end,
                'type', break_type, 'paid', treated_as <> 'unpaid'
            ) order by step) filter (where kind = 'break' and not is_rest_of_sleep),
            '[]'
        ) as breaks
    from segments
    where not is_gap
    group by session_id, worked_shift_id, employee_id, workweek, workday
),

totals as (
    select
        pieces.session_id,
        sum(pieces.worked_seconds) as worked_seconds,
        sum(pieces.seconds) filter (where pieces.kind = 'unpaid_break') as unpaid_break_seconds,
        sum(pieces.gross_seconds) filter (where pieces.is_paid_break) as paid_break_seconds
    from {{ ref('int_pieces') }} as pieces
    where not pieces.is_gap
    group by pieces.session_id
),

deducted as (
    select session_id, jsonb_agg(jsonb_build_object('from', from_at, 'to', to_at) order by from_at, to_at) as deductions
    from {{ ref('int_deductions') }}
    where not is_gap
    group by session_id
),

final as (
    select
        ends.session_id,
        ends.worked_shift_id,
        ends.employee_id,
        ends.workweek,
        ends.workday,
        ends.in_at,
        ends.out_at,
        ends.rounded_in_at,
        ends.rounded_out_at,
        coalesce(totals.worked_seconds, 0)::bigint as worked_seconds,
        coalesce(totals.unpaid_break_seconds, 0)::bigint as unpaid_break_seconds,
        coalesce(totals.paid_break_seconds, 0)::bigint as paid_break_seconds,
        ends.in_event_id,
        ends.out_event_id,
        ends.out_at is null and shifts.is_still_in and ends.session_id = shifts.last_session_id as is_open,
        ends.counts,
        ends.breaks,
        coalesce(deducted.deductions, '[]') as deductions
    from ends
    inner join {{ ref('int_worked_shifts') }} as shifts on ends.worked_shift_id = shifts.worked_shift_id
    left join totals on ends.session_id = totals.session_id
    left join deducted on ends.session_id = deducted.session_id
)

select * from final where {{ is_touched('final') }}
