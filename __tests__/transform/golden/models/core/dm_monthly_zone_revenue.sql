-- By location id, not by name: two zones are called Corona. A table, not incremental: the file of a month also
-- contains trips of other months.
select
    pickup_location_id as location_id,
    pickup_zone as revenue_zone,
    pickup_borough as revenue_borough,
    date_trunc(date(pickup_datetime), month) as revenue_month,
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
    round(cast(sum(safe_cast(passenger_count as numeric)) as float64) / nullif(count(passenger_count), 0), 6) as avg_monthly_passenger_count,
    round(cast(sum(safe_cast(trip_distance as numeric)) as float64) / nullif(count(trip_distance), 0), 6) as avg_monthly_trip_distance
from `example`.`core`.`fact_trips`
group by 1, 2, 3, 4, 5
