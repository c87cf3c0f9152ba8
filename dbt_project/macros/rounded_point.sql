{#
    A punch after snapping to the schedule and rounding. Where the set has no rounding at all, the punch itself, without a
    call: that is nearly every policy.
#}
{% macro rounded_point(point, shift, sets) -%}
    case
        when {{ point }}.event_id is null then {{ point }}.at
        when {{ point }}.taken_as = 'clock_in' and ({{ sets }}.round_clock_in is not null or {{ sets }}.snap_in_before_seconds is not null)
            then {{ fn('round_instant') }}(
                case
                    when {{ point }}.at between {{ shift }}.matched_shift_start - {{ sets }}.snap_in_before_seconds * interval '1 second'
                        and {{ shift }}.matched_shift_start + {{ sets }}.snap_in_after_seconds * interval '1 second'
                        then {{ shift }}.matched_shift_start
                    else {{ point }}.at
                end,
                {{ shift }}.time_zone, {{ sets }}.round_clock_in, {{ shift }}.matched_shift_start
            )
        when {{ point }}.taken_as = 'clock_out' and ({{ sets }}.round_clock_out is not null or {{ sets }}.snap_out_before_seconds is not null)
            then {{ fn('round_instant') }}(
                case
                    when {{ point }}.at between {{ shift }}.matched_shift_end - {{ sets }}.snap_out_before_seconds * interval '1 second'
                        and {{ shift }}.matched_shift_end + {{ sets }}.snap_out_after_seconds * interval '1 second'
                        then {{ shift }}.matched_shift_end
                    else {{ point }}.at
                end,
                {{ shift }}.time_zone, {{ sets }}.round_clock_out, {{ shift }}.matched_shift_end
            )
        when {{ point }}.taken_as = 'break_start' and {{ sets }}.round_break_start is not null
            then {{ fn('round_instant') }}({{ point }}.at, {{ shift }}.time_zone, {{ sets }}.round_break_start, null)
        when {{ point }}.taken_as = 'break_end' and {{ sets }}.round_break_end is not null
            then {{ fn('round_instant') }}({{ point }}.at, {{ shift }}.time_zone, {{ sets }}.round_break_end, null)
        else {{ point }}.at
    end
{%- endmacro %}
