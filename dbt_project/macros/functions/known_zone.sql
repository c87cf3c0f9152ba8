{# known_zone(zone): the name itself if PostgreSQL knows it, else NULL: one mistyped site must not stop all computing. #}
{% macro create_known_zone() %}
create or replace function {{ fn('known_zone') }}(zone text) returns text
language plpgsql stable parallel safe
as $function$
begin
    perform now() at time zone zone;
    return zone;
exception when invalid_parameter_value then
    return null;
end
$function$;
{% endmacro %}

{# json_of_text(value): a JSON column of the legacy system arrives as JSON text inside JSON; other values stay as they are. #}
{% macro create_json_of_text() %}
create or replace function {{ fn('json_of_text') }}(value jsonb) returns jsonb
language sql immutable parallel safe
as $function$
    select case when jsonb_typeof(value) = 'string' then (value #>> '{}')::jsonb else value end
$function$;
{% endmacro %}
