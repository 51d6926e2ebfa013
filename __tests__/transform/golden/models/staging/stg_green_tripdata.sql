select
    trip_hash || '-' || cast(
        row_number() over (partition by _period, trip_hash order by pickup_datetime, total_amount, fare_amount, trip_distance)
        as string
    ) as trip_id,
    service_type,
    vendor_id,
    rate_code_id,
    pickup_location_id,
    dropoff_location_id,
    pickup_datetime,
    dropoff_datetime,
    store_and_fwd_flag,
    passenger_count,
    trip_distance,
    trip_type,
    fare_amount,
    extra,
    mta_tax,
    tip_amount,
    tolls_amount,
    ehail_fee,
    improvement_surcharge,
    congestion_surcharge,
    airport_fee,
    cbd_congestion_fee,
    total_amount,
    payment_type,
    payment_type_description,
    _period
from `example`.`staging`.`base_green_tripdata`
