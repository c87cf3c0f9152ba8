{# The schema a model is built in: its layer's name, behind the prefix that gives a scratch run schemas of its own. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ var('schema_prefix') }}{{ custom_schema_name or target.schema }}
{%- endmacro %}

{# A function of ours, qualified: functions live beside the intermediate models of the same run. #}
{% macro fn(name) -%}
    {{ generate_schema_name('intermediate', none) | trim }}.{{ name }}
{%- endmacro %}

{# True where everything is computed anew and nothing needs to be limited to what was touched. False while dbt parses, so
   that it sees every ref of an incremental run. #}
{% macro full_run() -%}
    {{ return(execute and flags.FULL_REFRESH) }}
{%- endmacro %}
