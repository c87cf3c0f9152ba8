{#
    local_instant(local, zone): the instant of a local wall-clock time. PostgreSQL alone would move a skipped time by
    the length of the gap and take the second pass of a repeated one; here a skipped time is the first instant after
    the gap, a repeated one its first pass.

    The offset of a day before and of a day after tell which of the two it is: a clock changes at most once in two days.
#}
{% macro create_local_instant() %}
create or replace function {{ fn('local_instant') }}(local_time timestamp, zone text) returns timestamptz
language plpgsql immutable parallel safe
as $function$
declare
    taken timestamptz := local_time at time zone zone;
    offset_before interval := (taken - interval '1 day') at time zone zone - ((taken - interval '1 day') at time zone 'UTC');
    earlier timestamptz := (local_time - offset_before) at time zone 'UTC';
    lower_bound timestamptz;
    middle timestamptz;
begin
    if earlier at time zone zone = local_time then
        return least(taken, earlier);
    end if;
    if taken at time zone zone = local_time then
        return taken;
    end if;
    -- Skipped. The clock jumps somewhere before `taken`, by less than a day: halve down to the second after the jump.
    lower_bound := taken - interval '1 day';
    while taken - lower_bound > interval '1 second' loop
        middle := date_trunc('second', lower_bound + (taken - lower_bound) / 2);
        if middle at time zone zone >= local_time then
            taken := middle;
        else
            lower_bound := middle;
        end if;
    end loop;
    return taken;
end
$function$;

{# workday_of(instant, starts_seconds, zone): the workday that an instant lies in; a day begins at local_instant(day + start). #}
create or replace function {{ fn('workday_of') }}(instant timestamptz, starts_seconds integer, zone text) returns date
language sql immutable parallel safe
as $function$
    select case
        when starts_seconds = 0 then (instant at time zone zone)::date
        else (instant at time zone zone - starts_seconds * interval '1 second')::date + case
            when instant >= {{ fn('local_instant') }}(
                (instant at time zone zone - starts_seconds * interval '1 second')::date + 1 + starts_seconds * interval '1 second', zone
            ) then 1
            else 0
        end
    end
$function$;

create or replace function {{ fn('workday_start') }}(workday date, starts_seconds integer, zone text) returns timestamptz
language sql immutable parallel safe
as $function$
    select {{ fn('local_instant') }}(workday + starts_seconds * interval '1 second', zone)
$function$;

create or replace function {{ fn('workday_of_most') }}(starts_at timestamptz, presence tstzmultirange, starts_seconds integer, zone text) returns date
language sql immutable parallel safe
as $function$
    select day::date
    from generate_series(
        {{ fn('workday_of') }}(starts_at, starts_seconds, zone)::timestamp,
        {{ fn('workday_of') }}(greatest(starts_at, upper(presence)), starts_seconds, zone)::timestamp,
        interval '1 day'
    ) as day
    order by
        {{ range_seconds(
            "presence * tstzmultirange(tstzrange(" ~ fn('workday_start') ~ "(day::date, starts_seconds, zone), "
            ~ fn('workday_start') ~ "(day::date + 1, starts_seconds, zone)))"
        ) }} desc,
        day
    limit 1
$function$;

{# last_local_instant(local, zone): as local_instant, but the second pass of a repeated time: where a window ends. #}
create or replace function {{ fn('last_local_instant') }}(local_time timestamp, zone text) returns timestamptz
language sql immutable parallel safe
as $function$
    select case
        when (local_time at time zone zone) at time zone zone = local_time then local_time at time zone zone
        else {{ fn('local_instant') }}(local_time, zone)
    end
$function$;
{% endmacro %}
