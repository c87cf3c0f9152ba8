{#
    legacy_date(value), legacy_instant(value): a date, and a UTC wall clock, as the legacy system has them; NULL where it has
    none. MySQL keeps days that no calendar has ("0000-00-00", "2026-02-30"), mostly where "no date" is meant.
#}
{% macro create_legacy_date() %}
create or replace function {{ fn('legacy_date') }}(value text) returns date
language plpgsql immutable parallel unsafe
as $function$
begin
    return value::date;
exception when data_exception then
    return null;
end
$function$;
{% endmacro %}

{% macro create_legacy_instant() %}
create or replace function {{ fn('legacy_instant') }}(value text) returns timestamptz
language plpgsql immutable parallel unsafe
as $function$
begin
    return value::timestamp at time zone 'UTC';
exception when data_exception then
    return null;
end
$function$;
{% endmacro %}

{#
    json_of_text(value): a JSON column of the legacy system arrives as JSON text inside JSON; other values stay as they are.
    Text that is no JSON is NULL: nobody's typing error there may stop the computing of all.
#}
{% macro create_json_of_text() %}
create or replace function {{ fn('json_of_text') }}(value jsonb) returns jsonb
language plpgsql immutable parallel unsafe
as $function$
begin
    return case when jsonb_typeof(value) = 'string' then (value #>> '{}')::jsonb else value end;
exception when invalid_text_representation then
    return null;
end
$function$;
{% endmacro %}

{# sound_breaks(breaks): of the breaks of a scheduled shift in the legacy system those that have two instants in order. #}
{% macro create_sound_breaks() %}
create or replace function {{ fn('sound_breaks') }}(breaks jsonb) returns jsonb
language plpgsql stable parallel unsafe
as $function$
declare
    sound jsonb := '[]';
    pause jsonb;
begin
    for pause in
        select jsonb_array_elements(case when jsonb_typeof(breaks) = 'array' then breaks else '[]' end)
    loop
        begin
            if (pause ->> 'start')::timestamptz < (pause ->> 'end')::timestamptz then
                perform (pause ->> 'paid')::boolean;
                sound := sound || jsonb_build_array(pause);
            end if;
        exception when data_exception then
            continue;
        end;
    end loop;
    return sound;
end
$function$;
{% endmacro %}
