with trips as (

    select * from `example`.`staging`.`stg_yellow_tripdata` where _period in (date '2019-01-01', date '2019-02-01')
    union all
    select * from `example`.`staging`.`stg_green_tripdata` where _period in (date '2019-01-01', date '2019-02-01')

),

zones as (

    select * from `example`.`core`.`dim_zones` where is_known

)

select
    trips.trip_id,
    trips.service_type,
    trips.vendor_id,
    trips.rate_code_id,
    trips.pickup_location_id,
    pickup.borough as pickup_borough,
    pickup.zone as pickup_zone,
    trips.dropoff_location_id,
    dropoff.borough as dropoff_borough,
    dropoff.zone as dropoff_zone,
    trips.pickup_datetime,
    trips.dropoff_datetime,
    trips.store_and_fwd_flag,
    trips.passenger_count,
    trips.trip_distance,
    trips.trip_type,
    trips.fare_amount,
    trips.extra,
    trips.mta_tax,
    trips.tip_amount,
    trips.tolls_amount,
    trips.ehail_fee,
    trips.improvement_surcharge,
    trips.congestion_surcharge,
    trips.airport_fee,
    trips.cbd_congestion_fee,
    trips.total_amount,
    trips.payment_type,
    trips.payment_type_description,
    trips._period
from trips
inner join zones as pickup on trips.pickup_location_id = pickup.location_id
inner join zones as dropoff on trips.dropoff_location_id = dropoff.location_id
