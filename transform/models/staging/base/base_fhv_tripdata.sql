with source as (

    select
        dispatching_base_num,
        pickup_datetime,
        dropoff_datetime,
        PULocationID,
        DOLocationID,
        SR_Flag,
        Affiliated_base_number,
        _period
    from {{ source('raw', 'fhv_tripdata') }}

)

select
    {{ trip_hash(
        "FHV",
        seconds=["pickup_datetime", "dropoff_datetime"],
        integers=["PULocationID", "DOLocationID", "SR_Flag"],
        texts=["dispatching_base_num", "Affiliated_base_number"],
    ) }} as trip_hash,
    'FHV' as service_type,
    dispatching_base_num as dispatching_base_number,
    Affiliated_base_number as affiliated_base_number,
    PULocationID as pickup_location_id,
    DOLocationID as dropoff_location_id,
    pickup_datetime,
    dropoff_datetime,
    SR_Flag as shared_ride_flag,
    _period
from source
