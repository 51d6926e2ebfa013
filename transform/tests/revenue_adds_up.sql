-- The marts contain each trip of the facts once, and all of its money.
with facts as (

    select service_type, count(*) as trips, coalesce(sum(total_amount), 0) as total_amount
    from {{ ref('fact_trips') }}
    group by 1

),

months as (

    select service_type, sum(total_monthly_trips) as trips, coalesce(sum(revenue_monthly_total_amount), 0) as total_amount
    from {{ ref('dm_monthly_zone_revenue') }}
    group by 1

),

days as (

    select service_type, sum(trips) as trips, coalesce(sum(total_amount), 0) as total_amount
    from {{ ref('trips_per_day') }}
    where service_type <> 'FHV'
    group by 1

)

select service_type, facts.trips, months.trips as trips_by_month, days.trips as trips_by_day
from facts
full outer join months using (service_type)
full outer join days using (service_type)
where
    coalesce(facts.trips, 0) <> coalesce(months.trips, 0)
    or coalesce(facts.trips, 0) <> coalesce(days.trips, 0)
    or coalesce(facts.total_amount, 0) <> coalesce(months.total_amount, 0)
    or coalesce(facts.total_amount, 0) <> coalesce(days.total_amount, 0)
