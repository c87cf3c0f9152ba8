-- For each employee the widest pairing parameters that they ever had: what lies further apart than these can never
-- belong to one worked shift, whatever is in force.
select
    employees.employee_id,
    max(sets.max_shift_seconds) as longest_shift_seconds,
    max(sets.gap_seconds) as longest_gap_seconds,
    bool_and(not sets.is_alternate) as all_explicit
from {{ ref('int_employees') }} as employees
inner join {{ ref('int_parameter_sets') }} as sets on employees.set_key = sets.set_key
group by employees.employee_id
