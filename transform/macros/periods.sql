{# Date literals of the periods to replace; empty if all are. #}
{% macro period_literals() -%}
    {%- set literals = [] -%}
    {%- for period in var("periods") -%}
        {%- do literals.append("date '" ~ period ~ "'") -%}
    {%- endfor -%}
    {{ return(literals) }}
{%- endmacro %}

{# The condition that selects the rows of these periods. Literals, so that BigQuery reads only their partitions. #}
{% macro in_periods(column="_period") -%}
    {%- set literals = period_literals() -%}
    {%- if literals -%} {{ column }} in ({{ literals | join(", ") }}) {%- else -%} true {%- endif -%}
{%- endmacro %}

{# The rows that an incremental model has to select: those of the periods, or all if the table is built anew. #}
{% macro rows_to_build(column="_period") -%}
    {# In this order: without periods, is_incremental is not asked, which requires a connection. #}
    {%- if var("periods") and is_incremental() -%} {{ in_periods(column) }} {%- else -%} true {%- endif -%}
{%- endmacro %}

{# Deletes the periods before they are inserted again, in the same transaction: one that became empty stays empty. #}
{% macro delete_periods() -%}
    {%- if target.type == "duckdb" and execute and is_incremental() -%}
        delete from {{ this }} where {{ in_periods() }}
    {%- endif -%}
{%- endmacro %}

{# How an incremental model replaces periods. #}
{% macro strategy() -%}
    {{ return("insert_overwrite" if target.type == "bigquery" else "append") }}
{%- endmacro %}

{% macro period_partition() -%}
    {{ return({"field": "_period", "data_type": "date"} if target.type == "bigquery" else none) }}
{%- endmacro %}
