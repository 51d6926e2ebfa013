-- For each service and period: the trips of raw are those of core plus those that trips_left_out counts by rule, and so
-- are the amounts, to the last digit.
with expected as (

    {% for table, service in [("yellow_tripdata", "Yellow"), ("green_tripdata", "Green"), ("fhv_tripdata", "FHV")] %}
    select
        '{{ service }}' as service_type,
        _period,
        count(*) as trips,
        {% if service == "FHV" -%} {{ money("0") }} {%- else -%} coalesce(sum({{ money("total_amount") }}), 0) {%- endif %} as total_amount
    from {{ source('raw', table) }}
    where {{ in_periods() }}
    group by 1, 2
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

parts as (

    select service_type, _period, count(*) as trips, coalesce(sum(total_amount), 0) as total_amount
    from {{ ref('fact_trips') }}
    where {{ in_periods() }}
    group by 1, 2
    union all
    select service_type, _period, count(*), {{ money("0") }}
    from {{ ref('fact_fhv_trips') }}
    where {{ in_periods() }}
    group by 1, 2
    union all
    select service_type, _period, sum(trips), coalesce(sum(total_amount), 0)
    from {{ ref('trips_left_out') }}
    where {{ in_periods() }}
    group by 1, 2

),

found as (

    select service_type, _period, sum(trips) as trips, sum(total_amount) as total_amount
    from parts
    group by 1, 2

)

select
    coalesce(expected.service_type, found.service_type) as service_type,
    coalesce(expected._period, found._period) as _period,
    expected.trips as trips_in_raw,
    found.trips as trips_accounted_for,
    expected.total_amount as amount_in_raw,
    found.total_amount as amount_accounted_for
from expected
full outer join found
    on expected.service_type = found.service_type and expected._period = found._period
where
    coalesce(expected.trips, 0) <> coalesce(found.trips, 0)
    or coalesce(expected.total_amount, 0) <> coalesce(found.total_amount, 0)
