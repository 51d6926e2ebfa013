{# The schema of a model is the one in dbt_project.yml, without a prefix: the warehouse stack names the datasets. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}

{# The warehouse stack creates the datasets with their location, labels and grants; dbt must not create others. #}
{% macro bigquery__create_schema(relation) -%}
    {{ exceptions.raise_compiler_error(
        "dataset " ~ relation.without_identifier() ~ " does not exist: deploy the warehouse stack"
    ) }}
{%- endmacro %}
