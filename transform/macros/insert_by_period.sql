{#
Replaces the periods of the variable `periods` one after the other, in one transaction. The memory is that of one period,
however many there are. Without periods, or with --full-refresh, the table is built anew.

For DuckDB. The incremental materialization of dbt would first collect the rows of all periods in a temporary table.
#}
{% materialization insert_by_period, adapter="duckdb" -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set relation = this.incorporate(type="table") -%}
    {%- set intermediate = make_intermediate_relation(relation) -%}
    {%- set backup = make_backup_relation(relation, "table") -%}
    {%- set whole = existing is none or should_full_refresh() or not var("periods") -%}
    {{ drop_relation_if_exists(load_cached_relation(intermediate)) }}
    {{ drop_relation_if_exists(load_cached_relation(backup)) }}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {%- set into = intermediate if whole else relation -%}
    {%- if whole -%}
        {%- do run_query(create_table_as(False, into, sql_of_period(sql, none))) -%}
    {%- endif -%}
    {%- for period in var("periods") -%}
        {%- if not whole -%}
            {%- do run_query("delete from " ~ into ~ " where _period = date '" ~ period ~ "'") -%}
        {%- endif -%}
        {%- do run_query("insert into " ~ into ~ " by name " ~ sql_of_period(sql, period)) -%}
    {%- endfor -%}
    {% call statement("main") %} select 1 {% endcall %}
    {%- if whole -%}
        {%- if existing is not none -%} {%- do adapter.rename_relation(existing, backup) -%} {%- endif -%}
        {%- do adapter.rename_relation(intermediate, relation) -%}
    {%- endif -%}

    {%- do persist_docs(relation, model) -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do adapter.commit() -%}
    {{ drop_relation_if_exists(backup) }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({"relations": [relation]}) }}
{%- endmaterialization %}

{# The query for one period; without one, an empty table, or all rows if the query has no condition on periods. #}
{% macro sql_of_period(sql, period) -%}
    {{ return(sql | replace("= date ':period:'", "= date '" ~ period ~ "'" if period else "is null")) }}
{%- endmacro %}
