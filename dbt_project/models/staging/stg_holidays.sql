-- Present holidays of each site, from the User Core and the legacy HR system.
with versions as (
    select distinct on (site_id, holiday) site_id, holiday, name, deleted
    from {{ source('core', 'holidays') }}
    where xid < (select watermark from {{ ref('stg_runs') }})
    order by site_id, holiday, version_id desc
),

legacy as (
    select row_data ->> 'site_id' as site_id, {{ fn('legacy_date') }}(row_data ->> 'holiday') as holiday, row_data ->> 'name' as name
    from {{ ref('stg_hr_versions') }}
    where table_name = 'holidays' and is_latest and not deleted
)

select site_id, holiday, name
from versions
where not deleted
union all
select site_id, holiday, name
from legacy
where
    legacy.holiday is not null
    and not exists (
        select from versions where versions.site_id = legacy.site_id and versions.holiday = legacy.holiday
    )
