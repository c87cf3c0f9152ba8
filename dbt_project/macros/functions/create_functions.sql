{# Made anew at the start of each run, in the schema of the intermediate models, so that a scratch run has its own. #}
{% macro create_functions() %}
    {{ create_known_zone() }}
    {{ create_legacy_date() }}
    {{ create_legacy_instant() }}
    {{ create_json_of_text() }}
    {{ create_sound_breaks() }}
    {{ create_local_instant() }}
    {{ create_is_in_force() }}
    {{ create_pair_punches() }}
    {{ create_round_seconds() }}
    {{ create_round_instant() }}
    {{ create_chunk_bounds() }}
    {{ create_judged_breaks() }}
{% endmacro %}
