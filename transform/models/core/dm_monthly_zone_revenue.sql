-- By location id, not by name: two zones are called Corona. A table, not incremental: the file of a month also
-- contains trips of other months.
select
    pickup_location_id as location_id,
    pickup_zone as revenue_zone,
    pickup_borough as revenue_borough,
    {{ month_of("pickup_datetime") }} as revenue_month,
    service_type,
    sum(fare_amount) as revenue_monthly_fare,
    sum(extra) as revenue_monthly_extra,
    sum(mta_tax) as revenue_monthly_mta_tax,
    sum(tip_amount) as revenue_monthly_tip_amount,
    sum(tolls_amount) as revenue_monthly_tolls_amount,
    sum(ehail_fee) as revenue_monthly_ehail_fee,
    sum(improvement_surcharge) as revenue_monthly_improvement_surcharge,
    sum(congestion_surcharge) as revenue_monthly_congestion_surcharge,
    sum(total_amount) as revenue_monthly_total_amount,
    count(*) as total_monthly_trips,
    {{ average("passenger_count") }} as avg_monthly_passenger_count,
    {{ average("trip_distance") }} as avg_monthly_trip_distance
from {{ ref('fact_trips') }}
group by 1, 2, 3, 4, 5
