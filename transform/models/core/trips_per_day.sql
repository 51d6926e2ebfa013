with trips as (

    select service_type, cast(pickup_datetime as date) as pickup_date, count(*) as trips, sum(total_amount) as total_amount
    from {{ ref('fact_trips') }}
    group by 1, 2
    union all
    select service_type, cast(pickup_datetime as date), count(*), {{ money("null") }}
    from {{ ref('fact_fhv_trips') }}
    group by 1, 2

)

select service_type, pickup_date, trips, total_amount
from trips
