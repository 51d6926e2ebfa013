{{ by_period() }}

-- Trips that fact_trips and fact_fhv_trips leave out, by the rule that leaves them out.
with trips as (

    select service_type, pickup_location_id, dropoff_location_id, total_amount, _period
    from {{ ref('base_yellow_tripdata') }}
    where {{ rows_to_build() }}
    union all
    select service_type, pickup_location_id, dropoff_location_id, total_amount, _period
    from {{ ref('base_green_tripdata') }}
    where {{ rows_to_build() }}
    union all
    select service_type, pickup_location_id, dropoff_location_id, {{ money("null") }} as total_amount, _period
    from {{ ref('base_fhv_tripdata') }}
    where {{ rows_to_build() }}

),

zones as (

    select * from {{ ref('dim_zones') }} where is_known

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
