{#
    chunk_start(employee, instant) and chunk_end(employee, instant): how far the pairing of punches around an instant
    reaches. The worked shifts on both sides of it belong to what a change there may alter, unless they lie further away
    than any worked shift is long. Walks from punch to punch, a few days at a time, so that the cost is that of the
    neighbourhood and not of the history.
#}
{% macro create_chunk_bounds() %}
{% for direction in ['start', 'end'] %}
{% set back = direction == 'start' %}
create or replace function {{ fn('chunk_' ~ direction) }}(employee text, instant timestamptz) returns timestamptz
language plpgsql stable parallel safe
as $function$
declare
    longest_shift interval;
    longest_gap interval;
    explicit_kinds boolean;
    reached timestamptz := instant;
    near_kind text;
    bound timestamptz := instant;
    is_first boolean := true;
    found_any boolean;
    punch record;
begin
    select limits.longest_shift_seconds * interval '1 second', limits.longest_gap_seconds * interval '1 second', limits.all_explicit
    into longest_shift, longest_gap, explicit_kinds
    from {{ generate_schema_name('intermediate', none) | trim }}.int_pairing_limits as limits
    where limits.employee_id = employee;
    if not found then
        return instant;
    end if;
    loop
        found_any := false;
        for punch in
            select known.at, known.kind
            from {{ generate_schema_name('intermediate', none) | trim }}.int_known_punches as known
            where
                known.employee_id = employee
                {%- if back %}
                and known.occurred_at < bound and known.occurred_at >= bound - 4 * longest_shift
                {%- else %}
                and known.occurred_at > bound and known.occurred_at <= bound + 4 * longest_shift
                {%- endif %}
                and known.voids is null
                and {{ is_in_force('known.event_id') }}
            order by known.occurred_at {{ 'desc' if back }}, known.topic_offset {{ 'desc' if back }}, known.event_id {{ 'desc' if back }}
        loop
            found_any := true;
            if {{ 'reached - punch.at' if back else 'punch.at - reached' }} > longest_shift + interval '1 second' then
                return reached;
            end if;
            -- Between the instant itself and its neighbour nothing is certain: a punch there came or went.
            if not is_first
                and explicit_kinds
                and {{ "punch.kind" if back else "near_kind" }} = 'clock_out'
                and {{ 'reached - punch.at' if back else 'punch.at - reached' }} >= longest_gap
                -- Of several punches at one instant another may be taken last.
                and (
                    select count(*)
                    from {{ generate_schema_name('intermediate', none) | trim }}.int_known_punches as same
                    where
                        same.employee_id = employee
                        and same.occurred_at >= {{ "punch.at" if back else "reached - interval '1 second'" }}
                        and same.occurred_at < {{ "punch.at + interval '1 second'" if back else "reached" }}
                        and same.voids is null
                ) = 1
            then
                return reached;
            end if;
            is_first := false;
            reached := punch.at{{ '' if back else " + interval '1 second'" }};
            near_kind := punch.kind;
        end loop;
        exit when not found_any;
        bound := bound {{ '-' if back else '+' }} 4 * longest_shift;
    end loop;
    return reached;
end
$function$;
{% endfor %}
{% endmacro %}
