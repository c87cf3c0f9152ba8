{#
    round_seconds(seconds, rule): a duration or an offset rounded by the rule's mode, interval, grace, half and seconds;
    mode none leaves it as it is. `only_near` is the caller's affair. Marks lie at multiples of the interval from 0.
#}
{% macro create_round_seconds() %}
create or replace function {{ fn('round_seconds') }}(seconds bigint, rule jsonb) returns bigint
language sql immutable parallel safe
as $function$
    with given as (
        select
            case rule ->> 'seconds'
                when 'drop' then seconds / 60 * 60
                when 'up' then (seconds + 59) / 60 * 60
                else seconds
            end as value,
            round((rule ->> 'interval_minutes')::numeric * 60)::bigint as step,
            round(coalesce((rule ->> 'grace_minutes')::numeric, 0) * 60)::bigint as grace
    )
    select case rule ->> 'mode'
        when 'up' then ceil((value - grace)::numeric / step)::bigint * step
        when 'down' then floor((value + grace)::numeric / step)::bigint * step
        when 'nearest' then case
            when rule ->> 'half' = 'down' then ceil(value::numeric / step - 0.5)::bigint * step
            else floor(value::numeric / step + 0.5)::bigint * step
        end
        else seconds
    end
    from given
$function$;
{% endmacro %}

{#
    round_instant(instant, zone, rule, scheduled): an instant rounded on the local clock from the full hour (from midnight
    for intervals over an hour). `scheduled` is the instant that `only_near: {scheduled: true}` means; NULL is never near.
#}
{% macro create_round_instant() %}
create or replace function {{ fn('round_instant') }}(instant timestamptz, zone text, rule jsonb, scheduled timestamptz) returns timestamptz
language plpgsql immutable parallel safe
as $function$
declare
    local_clock timestamp;
    base timestamp;
    passed bigint;
    near jsonb := rule -> 'only_near';
    distance bigint;
begin
    if rule is null or instant is null then
        return instant;
    end if;
    local_clock := instant at time zone zone;
    if near is not null then
        if near ? 'at' then
            distance := abs(extract(epoch from local_clock - (local_clock::date + (near ->> 'at')::interval))::bigint);
            distance := least(distance, abs(86400 - distance));
        else
            distance := abs(extract(epoch from instant - scheduled)::bigint);
        end if;
        if distance is null or distance > round((near ->> 'window_minutes')::numeric * 60) then
            return {{ fn('round_instant') }}(instant, zone, rule -> 'otherwise', scheduled);
        end if;
    end if;
    base := date_trunc(case when (rule ->> 'interval_minutes')::numeric > 60 then 'day' else 'hour' end, local_clock);
    passed := extract(epoch from local_clock - base)::bigint;
    return instant + ({{ fn('round_seconds') }}(passed, rule) - passed) * interval '1 second';
end
$function$;

{# round_duration(seconds, rule): a total; `only_near: {minutes, window_minutes}` limits where the rule applies. #}
create or replace function {{ fn('round_duration') }}(seconds bigint, rule jsonb) returns bigint
language plpgsql immutable parallel safe
as $function$
begin
    if rule is null or seconds is null then
        return seconds;
    end if;
    if rule ? 'only_near'
        and abs(seconds - round((rule #>> '{only_near,minutes}')::numeric * 60))
            > round((rule #>> '{only_near,window_minutes}')::numeric * 60)
    then
        return {{ fn('round_duration') }}(seconds, rule -> 'otherwise');
    end if;
    return greatest({{ fn('round_seconds') }}(seconds, rule), 0);
end
$function$;
{% endmacro %}
