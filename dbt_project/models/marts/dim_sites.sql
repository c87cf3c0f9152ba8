-- Sites, from the User Core and the legacy HR system.
{{ config(touched_by='all', indexes=[{'columns': ['site_id'], 'unique': true}]) }}

select site_id, name, coalesce(time_zone, 'UTC') as time_zone
from {{ ref('stg_sites') }}
