{#
    judged_breaks(lengths, minimums): on which of the unpaid breaks of a worked shift (in the order of time) each meal period
    is judged: period n on the n-th one of at least its minimum, else on the longest that no period before it was judged on,
    of equal ones the earlier; NULL where there is none.
#}
{% macro create_judged_breaks() %}
create or replace function {{ fn('judged_breaks') }}(lengths bigint [], minimums bigint []) returns integer []
language plpgsql immutable parallel safe
as $function$
declare
    judged integer [] := '{}';
    found_at integer;
begin
    for number in 1..array_length(minimums, 1) loop
        found_at := (
            select place
            from unnest(lengths) with ordinality as breaks (length, place)
            where length >= minimums[number]
            order by place
            offset number - 1
            limit 1
        );
        if found_at is null then
            found_at := (
                select place
                from unnest(lengths) with ordinality as breaks (length, place)
                where place <> all(judged)
                order by length desc, place
                limit 1
            );
        end if;
        judged := judged || found_at;
    end loop;
    return judged;
end
$function$;
{% endmacro %}
