{#
    Claims of tiers that run over several days. `days` has for each day its open seconds (a multirange of places in the
    day), `start_column` names the first date of its week or period, which decides the parameters. Only weekly tiers may
    count all worked seconds (`weekly_counts: all`); everything else counts what is still open. What is claimed is open.
#}
{% macro tier_claims(days, start_column, parameter) %}
    select
        counted.employee_id,
        counted.workweek,
        counted.workday,
        tiers.pay_code,
        tiers.parameter,
        counted.set_key,
        range_agg(int8range(
            counted.open_from + greatest(tiers.over_seconds - counted.counted_from, 0),
            counted.open_from + least(tiers.to_seconds - counted.counted_from, counted.open_to - counted.open_from)
        )) as seconds
    from (
        select
            spans.employee_id,
            spans.workweek,
            spans.workday,
            employees.set_key,
            lower(spans.span) as open_from,
            upper(spans.span) as open_to,
            case
                when {{ 'true' if parameter == 'overtime.weekly_tiers' else 'false' }} and sets.weekly_counts = 'all'
                    then spans.worked_before + lower(spans.span)
                else (sum((upper(spans.span) - lower(spans.span))::integer) over (
                    partition by spans.employee_id, spans.start_date order by spans.workday, lower(spans.span)
                    rows between unbounded preceding and current row
                ) - (upper(spans.span) - lower(spans.span)))::bigint
            end as counted_from
        from (
            select
                ordered.employee_id, ordered.workweek, ordered.workday, ordered.start_date, ordered.worked_before, open_span.span
            from (
                select
                    *,
                    {{ start_column }} as start_date,
                    (sum(worked_seconds::integer) over (
                        partition by employee_id, {{ start_column }} order by workday rows between unbounded preceding and current row
                    ) - worked_seconds)::bigint as worked_before
                from {{ days }}
            ) as ordered
            cross join lateral unnest(ordered.open_seconds) as open_span (span)
        ) as spans
        inner join {{ ref('int_employees') }} as employees
            on
                spans.employee_id = employees.employee_id
                and spans.start_date >= employees.valid_from
                and spans.start_date < employees.valid_to
        inner join {{ ref('int_parameter_sets') }} as sets on employees.set_key = sets.set_key
    ) as counted
    inner join {{ ref('int_pay_tiers') }} as tiers
        on
            counted.set_key = tiers.set_key
            and tiers.parameter = '{{ parameter }}'
            and counted.counted_from + counted.open_to - counted.open_from > tiers.over_seconds
            and (tiers.to_seconds is null or counted.counted_from < tiers.to_seconds)
    group by counted.employee_id, counted.workweek, counted.workday, tiers.pay_code, tiers.parameter, counted.set_key
{% endmacro %}
