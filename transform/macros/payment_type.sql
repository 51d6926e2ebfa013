{# The names that the TLC gives to its codes of payment. #}
{% macro payment_type_description(column) -%}
    case {{ column }}
        when 0 then 'Flex fare'
        when 1 then 'Credit card'
        when 2 then 'Cash'
        when 3 then 'No charge'
        when 4 then 'Dispute'
        when 5 then 'Unknown'
        when 6 then 'Voided trip'
    end
{%- endmacro %}
