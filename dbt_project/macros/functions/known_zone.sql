{# known_zone(zone): the name itself if PostgreSQL knows it, else NULL: one mistyped site must not stop all computing.
   Parallel unsafe, as is all that catches an error: it would begin a subtransaction. #}
{% macro create_known_zone() %}
create or replace function {{ fn('known_zone') }}(zone text) returns text
language plpgsql stable parallel unsafe
as $function$
begin
    perform now() at time zone zone;
    return zone;
exception when invalid_parameter_value then
    return null;
end
$function$;
{% endmacro %}
