-- Present employees of the legacy HR system; undated, so they hold for all dates.
select
    row_data ->> 'employee_id' as employee_id,
    row_data ->> 'name' as name,
    row_data ->> 'email' as email,
    row_data ->> 'site_id' as site_id,
    row_data ->> 'team' as team,
    row_data ->> 'manager_id' as manager_id,
    row_data ->> 'cost_center' as cost_center,
    row_data ->> 'policy' as policy,
    {{ fn('legacy_date') }}(row_data ->> 'left_on') as left_on,
    {{ fn('json_of_text') }}(row_data -> 'facts') as facts
from {{ ref('stg_hr_versions') }}
where table_name = 'employees' and is_latest and not deleted
