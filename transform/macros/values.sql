{# Types and functions whose names or forms differ between DuckDB and BigQuery. #}

{# An amount of money, exact to nine digits after the point: 12.3 is 12.3 in both. NaN and infinity become NULL. #}
{% macro money(expression) -%} {{ return(adapter.dispatch("money", "tributary")(expression)) }} {%- endmacro %}
{% macro default__money(expression) -%} try_cast({{ expression }} as decimal(38, 9)) {%- endmacro %}
{% macro bigquery__money(expression) -%} safe_cast({{ expression }} as numeric) {%- endmacro %}

{% macro whole(expression) -%} {{ return(adapter.dispatch("whole", "tributary")(expression)) }} {%- endmacro %}
{% macro default__whole(expression) -%} cast({{ expression }} as bigint) {%- endmacro %}
{% macro bigquery__whole(expression) -%} cast({{ expression }} as int64) {%- endmacro %}

{# First day of the month. #}
{% macro month_of(expression) -%} {{ return(adapter.dispatch("month_of", "tributary")(expression)) }} {%- endmacro %}
{% macro default__month_of(expression) -%} cast(date_trunc('month', {{ expression }}) as date) {%- endmacro %}
{% macro bigquery__month_of(expression) -%} date_trunc(date({{ expression }}), month) {%- endmacro %}

{# The mean, rounded to six digits. From the exact sum: the mean of floating-point numbers depends on their order. #}
{% macro average(expression) -%} {{ return(adapter.dispatch("average", "tributary")(expression)) }} {%- endmacro %}
{% macro default__average(expression) -%}
    round(cast(sum({{ money(expression) }}) as double) / nullif(count({{ expression }}), 0), 6)
{%- endmacro %}
{% macro bigquery__average(expression) -%}
    round(cast(sum({{ money(expression) }}) as float64) / nullif(count({{ expression }}), 0), 6)
{%- endmacro %}

{# Texts of a value, the same in both. #}
{% macro integer_text(column) -%} coalesce(cast({{ column }} as {{ dbt.type_string() }}), '') {%- endmacro %}

{% macro hundredths_text(column) -%}
    {{ return(adapter.dispatch("hundredths_text", "tributary")(column)) }}
{%- endmacro %}
{% macro default__hundredths_text(column) -%}
    coalesce(cast(try_cast(round({{ column }} * 100) as bigint) as varchar), '')
{%- endmacro %}
{% macro bigquery__hundredths_text(column) -%}
    coalesce(cast(safe_cast(round({{ column }} * 100) as int64) as string), '')
{%- endmacro %}

{% macro second_text(column) -%} {{ return(adapter.dispatch("second_text", "tributary")(column)) }} {%- endmacro %}
{% macro default__second_text(column) -%} coalesce(strftime({{ column }}, '%Y-%m-%d %H:%M:%S'), '') {%- endmacro %}
{% macro bigquery__second_text(column) -%}
    coalesce(format_datetime('%Y-%m-%d %H:%M:%S', {{ column }}), '')
{%- endmacro %}

{% macro md5_text(expression) -%} {{ return(adapter.dispatch("md5_text", "tributary")(expression)) }} {%- endmacro %}
{% macro default__md5_text(expression) -%} md5({{ expression }}) {%- endmacro %}
{% macro bigquery__md5_text(expression) -%} to_hex(md5({{ expression }})) {%- endmacro %}
