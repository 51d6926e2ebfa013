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
    from `example`.`raw`.`fhv_tripdata`

)

select
    to_hex(md5('FHV'
        || '|' || cast(_period as string)
        || '|' || coalesce(format_datetime('%Y-%m-%d %H:%M:%S', pickup_datetime), '')
        || '|' || coalesce(format_datetime('%Y-%m-%d %H:%M:%S', dropoff_datetime), '')
        || '|' || coalesce(cast(PULocationID as string), '')
        || '|' || coalesce(cast(DOLocationID as string), '')
        || '|' || coalesce(cast(SR_Flag as string), '')
        || '|' || coalesce(dispatching_base_num, '')
        || '|' || coalesce(Affiliated_base_number, ''))) as trip_hash,
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
