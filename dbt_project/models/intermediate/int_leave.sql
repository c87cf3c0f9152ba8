-- Approved leave of the employees of whom anything is computed. Whole days count by local date; part of a day by its instants.
{{ config(post_hook=["create index on {{ this }} (employee_id)", "analyze {{ this }}"]) }}

select
    leaves.employee_id,
    leaves.leave_id,
    leaves.first_day,
    leaves.last_day,
    leaves.starts_at,
    leaves.ends_at
from {{ ref('stg_leave_versions') }} as leaves
where
    leaves.counts
    {%- if not full_run() %}
    and leaves.employee_id in (select cells.employee_id from {{ ref('int_touched_findings') }} as cells)
    {%- endif %}
