{#
A key from all values of a trip, and a number among the trips of a period that are equal in all of them: real files
contain such trips, and none is lost. The same file gives the same keys in both warehouses, in whatever order its rows are.
#}
{% macro trip_hash(service_type, seconds, integers=[], hundredths=[], texts=[]) -%}
    {%- set parts = ["'" ~ service_type ~ "'", "cast(_period as " ~ dbt.type_string() ~ ")"] -%}
    {%- for column in seconds -%} {%- do parts.append(second_text(column)) -%} {%- endfor -%}
    {%- for column in integers -%} {%- do parts.append(integer_text(column)) -%} {%- endfor -%}
    {%- for column in hundredths -%} {%- do parts.append(hundredths_text(column)) -%} {%- endfor -%}
    {%- for column in texts -%} {%- do parts.append("coalesce(" ~ column ~ ", '')") -%} {%- endfor -%}
    {{ md5_text(parts | join("\n        || '|' || ")) }}
{%- endmacro %}

{# `order_by`: what could differ between trips with the same hash: parts of a cent, of a second. #}
{% macro trip_id(order_by) -%}
    trip_hash || '-' || cast(
        row_number() over (partition by _period, trip_hash order by {{ order_by | join(", ") }})
        as {{ dbt.type_string() }}
    )
{%- endmacro %}
