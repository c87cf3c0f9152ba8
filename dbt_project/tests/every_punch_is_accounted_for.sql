{{ config(tags=["nightly"]) }}
-- Every captured punch event is in fct_punches, and no other; that none is there twice is a test of all marts.
select coalesce(captured.event_id, computed.event_id) as event_id
from {{ ref('stg_punches') }} as captured
full outer join {{ ref('fct_punches') }} as computed on captured.event_id = computed.event_id
where captured.event_id is null or computed.event_id is null
