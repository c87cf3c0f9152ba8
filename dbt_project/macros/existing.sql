{#
    A table as the run before left it, by name: what was touched is found by comparing with it, and a ref() would make a
    circle. Only for incremental runs, which know that it exists.
#}
{% macro existing(layer, name) -%}
    {{ generate_schema_name(layer, none) | trim }}.{{ name }}
{%- endmacro %}
