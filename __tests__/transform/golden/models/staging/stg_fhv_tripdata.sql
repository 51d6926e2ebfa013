select
    trip_hash || '-' || cast(
        row_number() over (partition by _period, trip_hash order by pickup_datetime, dropoff_datetime)
        as string
    ) as trip_id,
    service_type,
    dispatching_base_number,
    affiliated_base_number,
    pickup_location_id,
    dropoff_location_id,
    pickup_datetime,
    dropoff_datetime,
    shared_ride_flag,
    _period
from `example`.`staging`.`base_fhv_tripdata`
