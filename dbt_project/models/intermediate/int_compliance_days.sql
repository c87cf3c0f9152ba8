-- Work of each workday as findings read it. Kept between runs, since findings over weeks read days that this run does not
-- touch; also of days whose policy asks for nothing, since a policy that follows may count them.
{{ config(
    materialized='incremental', incremental_strategy='cells', unlogged=false,
    indexes=[{'columns': ['employee_id', 'workweek']}, {'columns': ['employee_id', 'workday']}],
    post_hook=["{% if flags.FULL_REFRESH %}analyze {{ this }}{% endif %}"]
) }}

with days as (
    select employee_id, workweek, workday, sum({{ seconds_between('from_at', 'to_at') }})::bigint as raw_worked_seconds
    from {{ ref('int_compliance_work') }}
    group by employee_id, workweek, workday
)

select * from days where {{ is_touched('days') }}
