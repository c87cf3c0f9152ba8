-- Every punch event below the watermark with the employee whose it is.
{{ config(materialized='view', post_hook=[]) }}

select
    identities.employee_id,
    punches.event_id,
    punches.kind,
    punches.occurred_at,
    punches.at,
    punches.received_at,
    punches.source,
    punches.device_id,
    punches.site_id,
    punches.cost_center,
    punches.break_type,
    punches.supersedes,
    punches.voids,
    punches.attributes,
    punches.origin,
    punches.topic_partition,
    punches.topic_offset,
    punches.xid
from {{ ref('int_identities') }} as identities
inner join {{ ref('stg_punches') }} as punches
    on
        identities.recorded_id = punches.employee_id
        and identities.from_at <= punches.occurred_at
        and identities.to_at > punches.occurred_at
