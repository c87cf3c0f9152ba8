{#
    The one incremental strategy: in the transaction of the model, the touched cells are deleted and what the model
    now says of them is inserted, so that rows which no longer exist vanish.

    A cell is (employee_id, workweek) of `int_touched_weeks`, unless the model's config `touched_by` names another
    relation and `cell_keys` its columns; `cell_condition` narrows it (on `old` and `touched`); `touched_by: all` replaces
    the whole table (small dimensions).
#}
{% macro get_incremental_cells_sql(arg_dict) %}
    {%- set target_relation = arg_dict['target_relation'] -%}
    {%- set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}
    {%- set touched_by = config.get('touched_by', 'int_touched_weeks') -%}
    {%- set keys = config.get('cell_keys', ['employee_id', 'workweek']) -%}
    {%- set condition = config.get('cell_condition', 'true') -%}
    {% if touched_by == 'all' %}
        delete from {{ target_relation }};
    {% else %}
        delete from {{ target_relation }} as old
        using {{ generate_schema_name('intermediate', none) | trim }}.{{ touched_by }} as touched
        where {% for key in keys %}old.{{ key }} = touched.{{ key }} and {% endfor %}{{ condition }};
    {% endif %}
    insert into {{ target_relation }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }};
{% endmacro %}

{# Condition that limits a test to what this run replaced; the nightly check (the variable `check`) looks at everything. #}
{% macro is_tested(row) -%}
    {{ 'true' if var('check') else is_touched(row) }}
{%- endmacro %}

{# Condition that keeps rows of touched cells only; in a full run every cell is touched. `row` is a table alias. #}
{% macro is_touched(row, cells='int_touched_weeks') -%}
    {%- if full_run() -%}
        true
    {%- else -%}
        exists (
            select from {{ ref(cells) }} as touched
            where touched.employee_id = {{ row }}.employee_id and touched.workweek = {{ row }}.workweek
        )
    {%- endif -%}
{%- endmacro %}
