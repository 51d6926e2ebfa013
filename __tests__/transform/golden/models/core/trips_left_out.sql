-- Trips that fact_trips and fact_fhv_trips leave out, by the rule that leaves them out.
with trips as (

    select service_type, pickup_location_id, dropoff_location_id, total_amount, _period
    from `example`.`staging`.`base_yellow_tripdata`
    where _period in (date '2019-01-01', date '2019-02-01')
    union all
    select service_type, pickup_location_id, dropoff_location_id, total_amount, _period
    from `example`.`staging`.`base_green_tripdata`
    where _period in (date '2019-01-01', date '2019-02-01')
    union all
    select service_type, pickup_location_id, dropoff_location_id, safe_cast(null as numeric) as total_amount, _period
    from `example`.`staging`.`base_fhv_tripdata`
    where _period in (date '2019-01-01', date '2019-02-01')

),

zones as (

    select * from `example`.`core`.`dim_zones` where is_known

),

judged as (

    select
        trips.*,
        case
            when pickup.location_id is null and dropoff.location_id is null then 'pick-up and drop-off zone unknown'
            when pickup.location_id is null then 'pick-up zone unknown'
            when dropoff.location_id is null then 'drop-off zone unknown'
        end as rule
    from trips
    left join zones as pickup on trips.pickup_location_id = pickup.location_id
    left join zones as dropoff on trips.dropoff_location_id = dropoff.location_id

)

select
    service_type,
    rule,
    count(*) as trips,
    sum(total_amount) as total_amount,
    _period
from judged
where rule is not null
group by service_type, rule, _period
