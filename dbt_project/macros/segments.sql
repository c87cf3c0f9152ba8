{#
    The time between two consecutive used punches of worked shifts, unrounded, with what it is: work, break (a gap between
    two sessions is one), off, or uncertain where a punch is missing. A row for each point, in the order in which they
    were taken: [at, ended_at) begins there; after the last clock_out there is nothing (`kind` is then NULL).

    `shifts` names a relation of worked shifts with worked_shift_id, employee_id, first_at, last_step, is_open,
    last_session_id, closed_at (where a clock_out is supplied) and set_key, whose parameters decide;
    `carried` are further columns of it that the rows get, `parameters` columns of the set: joined here, before the rows are
    put in order, which a join afterwards would undo.
#}
{% macro punched_segments(shifts, carried=[], parameters=[]) %}
    with points as (
        select worked_shift_id, step, at, taken_as, event_id, session_id, begins_session, break_type, counts
        from {{ ref('int_punches') }}
        where taken_as is not null
        union all
        select worked_shift_id, last_step + 1, closed_at, 'clock_out', null, last_session_id, false, null, true
        from {{ shifts }}
        where closed_at is not null
    ),

    ruled as (
        select
            points.*,
            shifts.employee_id,
            shifts.first_at,
            shifts.set_key,
            {%- for column in carried %}
            shifts.{{ column }},
            {%- endfor %}
            sets.counts_first_to_last,
            {%- for column in parameters %}
            sets.{{ column }},
            {%- endfor %}
            -- What counts of a shift: sessions with both ends.
            points.counts
            and (points.session_id is null or not (shifts.is_open and shifts.closed_at is null and points.session_id = shifts.last_session_id))
                as session_counts
        from points
        inner join {{ shifts }} as shifts on points.worked_shift_id = shifts.worked_shift_id
        inner join {{ ref('int_parameter_sets') }} as sets on shifts.set_key = sets.set_key
    ),

    spans as (
        select
            *,
            -- Steps, not instants: two punches of one second may be rounded apart.
            min(step) filter (where begins_session) over in_shift as first_in_step,
            max(step) filter (where taken_as = 'clock_out') over in_shift as last_out_step,
            min(step) filter (where begins_session and session_counts) over in_shift as first_counted_in_step,
            max(step) filter (where taken_as = 'clock_out' and session_id is not null and session_counts) over in_shift as last_counted_out_step,
            lead(at) over in_shift as ended_at,
            lead(taken_as) over in_shift as next_taken_as,
            lead(event_id) over in_shift as end_event_id
        from ruled
        -- One window for what the whole shift has and for neighbours, which no frame limits: each window is a pass of its own.
        window in_shift as (
            partition by employee_id, first_at, worked_shift_id order by step rows between unbounded preceding and unbounded following
        )
    ),

    kinds as (
        select
            *,
            case
                when taken_as = 'clock_out' and ended_at is null then null
                when counts_first_to_last and step >= first_in_step and step < last_out_step
                    then case when taken_as = 'break_start' and session_counts then 'break' else 'work' end
                when taken_as = 'clock_out' and next_taken_as = 'clock_out' then 'uncertain'
                when taken_as = 'clock_out'
                    then case when step > first_counted_in_step and step < last_counted_out_step then 'break' else 'off' end
                when not session_counts then 'uncertain'
                when taken_as = 'break_start' then 'break'
                else 'work'
            end as kind,
            taken_as = 'clock_out' as is_gap
        from spans
    )

    select
        kinds.*,
        case when kinds.kind = 'break' then coalesce(case when not kinds.is_gap then kinds.break_type end, 'meal') end as type_of_break,
        coalesce({{ seconds_between('kinds.at', 'kinds.ended_at') }}, 0) as seconds,
        (
            max({{ epoch('kinds.ended_at') }}) filter (where kinds.kind in ('work', 'break')) over in_shift
            - min({{ epoch('kinds.at') }}) filter (where kinds.kind in ('work', 'break')) over in_shift
        ) as duty_seconds,
        lag(kinds.kind) over in_shift as previous_kind
    from kinds
    window in_shift as (
        partition by kinds.employee_id, kinds.first_at, kinds.worked_shift_id order by kinds.step
        rows between unbounded preceding and unbounded following
    )
{% endmacro %}

{# The parameters that break_treatment() reads. #}
{% macro break_parameters() -%}
    {{ return([
        'minimum_counted_seconds', 'sleep_min_duty_seconds', 'sleep_min_seconds', 'sleep_max_excluded_seconds', 'rest_paid_up_to_seconds',
        'meal_unpaid_from_seconds', 'paid_types'
    ]) }}
{%- endmacro %}

{# How a break of punched_segments() counts under a parameter set: paid, unpaid, or work; NULL for what is no break. #}
{% macro break_treatment(segment, sets) -%}
    case
        when {{ segment }}.kind <> 'break' then null
        when {{ segment }}.counts_first_to_last then 'work'
        when {{ segment }}.seconds < {{ sets }}.minimum_counted_seconds then 'work'
        when {{ segment }}.type_of_break = 'sleep' and {{ sets }}.sleep_min_duty_seconds is not null
            then case
                when {{ segment }}.duty_seconds >= {{ sets }}.sleep_min_duty_seconds and {{ segment }}.seconds >= {{ sets }}.sleep_min_seconds
                    then 'unpaid'
                else 'work'
            end
        when {{ segment }}.type_of_break = 'rest' and {{ sets }}.rest_paid_up_to_seconds is not null
            then case when {{ segment }}.seconds <= {{ sets }}.rest_paid_up_to_seconds then 'paid' else 'unpaid' end
        when {{ segment }}.type_of_break = 'meal' and {{ sets }}.meal_unpaid_from_seconds is not null
            then case when {{ segment }}.seconds >= {{ sets }}.meal_unpaid_from_seconds then 'unpaid' else 'paid' end
        when {{ sets }}.paid_types ? {{ segment }}.type_of_break then 'paid'
        else 'unpaid'
    end
{%- endmacro %}
