with zones as (

    select * from `example`.`core`.`dim_zones` where is_known

)

select
    trips.trip_id,
    trips.service_type,
    trips.dispatching_base_number,
    trips.affiliated_base_number,
    trips.pickup_location_id,
    pickup.borough as pickup_borough,
    pickup.zone as pickup_zone,
    trips.dropoff_location_id,
    dropoff.borough as dropoff_borough,
    dropoff.zone as dropoff_zone,
    trips.pickup_datetime,
    trips.dropoff_datetime,
    trips.shared_ride_flag,
    trips._period
from `example`.`staging`.`stg_fhv_tripdata` as trips
inner join zones as pickup on trips.pickup_location_id = pickup.location_id
inner join zones as dropoff on trips.dropoff_location_id = dropoff.location_id
where trips._period in (date '2019-01-01', date '2019-02-01')
