-- Every employee that anything is known of, in ranges of dates in which site, zone, policy and facts stay the same.
-- The User Core wins over the legacy HR system; who appears only in punches has neither policy nor zone.
{{ config(post_hook=["create index on {{ this }} (employee_id)", "analyze {{ this }}"]) }}

with recursive legacy as (select * from {{ ref('stg_hr_employees') }}),

dated as (select * from {{ ref('stg_employees') }}),

assignments as (select * from {{ ref('stg_policy_assignments') }}),

-- Who was ever scheduled in the User Core, by skipping in the index from one to the next.
scheduled as (
    (select employee_id from {{ ref('stg_core_shift_versions') }} order by employee_id limit 1)
    union all
    select (
        select versions.employee_id
        from {{ ref('stg_core_shift_versions') }} as versions
        where versions.employee_id > scheduled.employee_id
        order by versions.employee_id
        limit 1
    )
    from scheduled
    where scheduled.employee_id is not null
),

shifts as (
    select scheduled.employee_id
    from scheduled
    where
        exists (
            select from {{ ref('stg_core_shift_versions') }} as versions
            where versions.employee_id = scheduled.employee_id and versions.is_latest and not versions.deleted
        )
    union
    select employee_id from {{ ref('stg_shift_versions') }} where not is_core and is_latest and not deleted
),

leaves as (select distinct employee_id from {{ ref('stg_leave_versions') }} where counts),

breakpoints as (
    select employee_id, '-infinity'::date as valid_from from legacy
    union
    select employee_id, '-infinity' from {{ ref('int_identities') }}
    union
    select employee_id, '-infinity' from shifts
    union
    select employee_id, '-infinity' from leaves
    union
    select employee_id, '-infinity' from dated
    union
    select employee_id, '-infinity' from assignments
    union
    select employee_id, valid_from from dated
    union
    select employee_id, valid_from from assignments
),

ranges as (
    select
        employee_id,
        valid_from,
        lead(valid_from, 1, 'infinity') over (partition by employee_id order by valid_from) as valid_to
    from breakpoints
),

described as (
    select
        ranges.employee_id,
        ranges.valid_from,
        ranges.valid_to,
        coalesce(dated.name, legacy.name) as name,
        coalesce(dated.email, legacy.email) as email,
        coalesce(dated.site_id, legacy.site_id) as site_id,
        coalesce(dated.team, legacy.team) as team,
        coalesce(dated.manager_id, legacy.manager_id) as manager_id,
        coalesce(dated.cost_center, legacy.cost_center) as cost_center,
        dated.time_zone,
        coalesce(legacy.facts, '{}') || coalesce(dated.facts, '{}') as facts,
        case when assignments.employee_id is null then legacy.policy else assignments.policy end as policy,
        coalesce(dated.active, legacy.left_on is null or legacy.left_on > ranges.valid_from) as active,
        case
            when exists (select from dated as d where d.employee_id = ranges.employee_id) then 'core'
            when legacy.employee_id is not null then 'hr'
            else 'punches'
        end as origin,
        shifts.employee_id is not null as has_shifts
    from ranges
    left join legacy on ranges.employee_id = legacy.employee_id
    left join dated
        on ranges.employee_id = dated.employee_id and ranges.valid_from >= dated.valid_from and ranges.valid_from < dated.valid_to
    left join assignments
        on
            ranges.employee_id = assignments.employee_id
            and ranges.valid_from >= assignments.valid_from
            and ranges.valid_from < assignments.valid_to
    left join shifts on ranges.employee_id = shifts.employee_id
),

with_sets as (
    select
        described.employee_id,
        greatest(described.valid_from, sets.valid_from) as valid_from,
        least(described.valid_to, sets.valid_to) as valid_to,
        described.name,
        described.email,
        described.site_id,
        described.team,
        described.manager_id,
        described.cost_center,
        coalesce(described.time_zone, sites.time_zone) as time_zone,
        described.facts,
        sets.policy,
        described.active,
        described.origin,
        described.has_shifts,
        sets.set_key
    from described
    left join {{ ref('stg_sites') }} as sites on described.site_id = sites.site_id
    -- A policy that is not loaded is none; an equality, for a join by hash: a case run has a policy for each employee.
    left join (
        select distinct policy from {{ ref('int_parameter_sets') }} where policy is not null
    ) as named on described.policy = named.policy
    inner join {{ ref('int_parameter_sets') }} as sets
        on
            coalesce(sets.policy, '') = coalesce(named.policy, '')
            and described.valid_from < sets.valid_to
            and sets.valid_from < described.valid_to
)

select
    with_sets.*,
    -- The instants between which the range holds: local midnight, in the zone of the range that begins.
    case
        when with_sets.valid_from = '-infinity' then '-infinity'
        else {{ local_time('with_sets.valid_from::timestamp', "coalesce(with_sets.time_zone, 'UTC')") }}
    end as starts_at,
    coalesce(
        lead({{ local_time('with_sets.valid_from::timestamp', "coalesce(with_sets.time_zone, 'UTC')") }}) over (partition by with_sets.employee_id order by with_sets.valid_from),
        'infinity'
    ) as ends_at,
    coalesce(employee_now.now_at, runs.now_at) as now_at
from with_sets
cross join {{ ref('stg_runs') }} as runs
left join {{ source('ops', 'employee_now') }} as employee_now on with_sets.employee_id = employee_now.employee_id
