-- Present sites: the User Core's row wins over the legacy HR row of the same id.
-- A table: a view that asks for each zone anew keeps every model that joins it from running in parallel.
{{ config(materialized='table', unlogged=true, post_hook=["analyze {{ this }}"]) }}

with versions as (
    select distinct on (site_id) site_id, name, time_zone, deleted
    from {{ source('core', 'sites') }}
    where xid < (select watermark from {{ ref('stg_runs') }})
    order by site_id, version_id desc
),

legacy as (
    select row_data ->> 'site_id' as site_id, row_data ->> 'name' as name, row_data ->> 'time_zone' as time_zone
    from {{ ref('stg_hr_versions') }}
    where table_name = 'sites' and is_latest and not deleted
)

select site_id, name, {{ fn('known_zone') }}(time_zone) as time_zone
from versions
where not deleted
union all
select site_id, name, {{ fn('known_zone') }}(time_zone) as time_zone
from legacy
where not exists (select from versions where versions.site_id = legacy.site_id and not versions.deleted)
