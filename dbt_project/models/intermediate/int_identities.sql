-- Whose punches the ids in raw punches are, and when. A punch of a device carries the id of a badge, not of a person, so
-- that it stays the same when the badge table changes; here the badge becomes its holder of that instant. An id that is
-- no badge, and a badge without a holder, stands for itself.
{{ config(post_hook=["create index on {{ this }} (employee_id)", "create index on {{ this }} (recorded_id)", "analyze {{ this }}"]) }}

with recursive

-- The distinct ids of an index by skipping from one to the next: the cost follows the number of people.
recorded as (
    (select employee_id as recorded_id from {{ ref('stg_punches') }} order by employee_id limit 1)
    union all
    select (
        select p.employee_id from {{ ref('stg_punches') }} as p where p.employee_id > recorded.recorded_id order by p.employee_id limit 1
    )
    from recorded
    where recorded.recorded_id is not null
),

badges as (
    select recorded.recorded_id, sample.device_id, sample.device_user
    from recorded
    cross join lateral (
        select p.device_id, p.attributes ->> 'device_user' as device_user
        from {{ ref('stg_punches') }} as p
        where
            p.employee_id = recorded.recorded_id
            -- A correction is recorded under the badge too, but not by its device.
            and p.attributes ? 'device_user'
        order by p.occurred_at
        limit 1
    ) as sample
    where recorded.recorded_id like 'badge:%'
),

holders as (
    select badges.recorded_id, held.employee_id, held.valid_from, held.valid_to, held.place
    from badges
    inner join {{ ref('stg_badges') }} as held
        on badges.device_user = held.device_user and (badges.device_id = held.device_id or held.device_id = '*')
),

breakpoints as (
    select recorded_id, valid_from as from_at from holders
    union
    select recorded_id, valid_to from holders where valid_to < 'infinity'
    union
    select recorded_id, '-infinity' from recorded where recorded_id is not null
),

ranges as (
    select
        recorded_id,
        from_at,
        lead(from_at, 1, 'infinity') over (partition by recorded_id order by from_at) as to_at
    from breakpoints
)

select
    ranges.recorded_id,
    ranges.from_at,
    ranges.to_at,
    coalesce(holder.employee_id, ranges.recorded_id) as employee_id
from ranges
left join lateral (
    select holders.employee_id
    from holders
    where
        holders.recorded_id = ranges.recorded_id
        and holders.valid_from <= ranges.from_at
        and holders.valid_to > ranges.from_at
    order by holders.place
    limit 1
) as holder on true
-- A badge that always had a holder while it punched is nobody of its own.
where
    holder.employee_id is not null
    or ranges.recorded_id not like 'badge:%'
    or exists (
        select
        from {{ ref('stg_punches') }} as punches
        where
            punches.employee_id = ranges.recorded_id
            and punches.occurred_at >= ranges.from_at
            and punches.occurred_at < ranges.to_at
    )
