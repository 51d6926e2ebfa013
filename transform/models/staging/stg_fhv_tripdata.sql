select
    {{ trip_id(order_by=["pickup_datetime", "dropoff_datetime"]) }} as trip_id,
    service_type,
    dispatching_base_number,
    affiliated_base_number,
    pickup_location_id,
    dropoff_location_id,
    pickup_datetime,
    dropoff_datetime,
    shared_ride_flag,
    _period
from {{ ref('base_fhv_tripdata') }}
