{# A key contains its period, so it is unique if it is unique in each period: only the replaced ones are read. #}
{% test unique_in_period(model, column_name) %}

    select _period, {{ column_name }}, count(*) as rows_with_this_key
    from {{ model }}
    where {{ in_periods() }}
    group by 1, 2
    having count(*) > 1

{% endtest %}

{# The relationships test of dbt, over the replaced periods. #}
{% test relationships_in_period(model, column_name, to, field) %}

    select child.{{ column_name }}
    from {{ model }} as child
    left join {{ to }} as parent on child.{{ column_name }} = parent.{{ field }}
    where {{ in_periods("child._period") }} and parent.{{ field }} is null

{% endtest %}
