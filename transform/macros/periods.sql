{# First days of the periods as date literals; empty if all periods are meant. #}
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

{# The condition that selects the rows to build, in a model that is replaced by period. #}
{% macro rows_to_build(column="_period") -%}
    {%- if not var("periods") -%} true
    {%- elif target.type == "duckdb" -%} {{ column }} = date ':period:'
    {# Without a connection it is not known whether the table exists. #}
    {%- elif target.name == "check" or is_incremental() -%} {{ in_periods(column) }}
    {%- else -%} true
    {%- endif -%}
{%- endmacro %}

{# How a model that is replaced by period is built. BigQuery replaces the partitions, even those that became empty. #}
{% macro by_period(cluster_by=none) -%}
    {%- if target.type == "bigquery" -%}
        {{ config(
            materialized="incremental",
            incremental_strategy="insert_overwrite",
            partition_by={"field": "_period", "data_type": "date"},
            partitions=period_literals(),
            cluster_by=cluster_by,
        ) }}
    {%- else -%} {{ config(materialized="insert_by_period") }}
    {%- endif -%}
{%- endmacro %}
