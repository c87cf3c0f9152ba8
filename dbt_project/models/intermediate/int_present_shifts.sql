-- The scheduled shifts of the working set as they stand: of each the latest version, none that was deleted. A table, since
-- the planner expects one row of what is the latest of its kind, and would join thousands as if they were one.
{{ config(post_hook=["analyze {{ this }}"]) }}

with versions as (
    select versions.*
    from {{ ref('stg_shift_versions') }} as versions
    {%- if not full_run() %}
    inner join {{ ref('int_touched_ranges') }} as ranges
        on
            versions.employee_id = ranges.employee_id
            -- Neighbours a day away still shape windows and rests.
            and versions.from_at <= ranges.to_at + interval '2 days'
            and versions.to_at >= ranges.from_at - interval '2 days'
    {%- endif %}
    where
        versions.is_latest
        and not versions.deleted
        -- The User Core's shift wins over a legacy one of the same id.
        and (
            versions.is_core
            or not exists (
                select from {{ ref('stg_core_shift_versions') }} as other where other.shift_id = versions.shift_id
            )
        )
)

select {% if not full_run() %}distinct on (shift_id) {% endif -%}
    shift_id,
    employee_id,
    starts_at,
    ends_at,
    breaks,
    site_id,
    is_sound,
    has_lost_breaks
from versions
