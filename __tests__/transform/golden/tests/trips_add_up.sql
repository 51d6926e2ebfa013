-- For each service and period: the trips of raw are those of core plus those that trips_left_out counts by rule, and so
-- are the amounts, to the last digit.
with expected as (


    select
        'Yellow' as service_type,
        _period,
        count(*) as trips,
        coalesce(sum(safe_cast(total_amount as numeric)), 0) as total_amount
    from `example`.`raw`.`yellow_tripdata`
    where _period in (date '2019-01-01', date '2019-02-01')
    group by 1, 2
    union all

    select
        'Green' as service_type,
        _period,
        count(*) as trips,
        coalesce(sum(safe_cast(total_amount as numeric)), 0) as total_amount
    from `example`.`raw`.`green_tripdata`
    where _period in (date '2019-01-01', date '2019-02-01')
    group by 1, 2
    union all

    select
        'FHV' as service_type,
        _period,
        count(*) as trips,
        safe_cast(0 as numeric) as total_amount
    from `example`.`raw`.`fhv_tripdata`
    where _period in (date '2019-01-01', date '2019-02-01')
    group by 1, 2



),

parts as (

    select service_type, _period, count(*) as trips, coalesce(sum(total_amount), 0) as total_amount
    from `example`.`core`.`fact_trips`
    where _period in (date '2019-01-01', date '2019-02-01')
    group by 1, 2
    union all
    select service_type, _period, count(*), safe_cast(0 as numeric)
    from `example`.`core`.`fact_fhv_trips`
    where _period in (date '2019-01-01', date '2019-02-01')
    group by 1, 2
    union all
    select service_type, _period, sum(trips), coalesce(sum(total_amount), 0)
    from `example`.`core`.`trips_left_out`
    where _period in (date '2019-01-01', date '2019-02-01')
    group by 1, 2

),

found as (

    select service_type, _period, sum(trips) as trips, sum(total_amount) as total_amount
    from parts
    group by 1, 2

)

select
    coalesce(expected.service_type, found.service_type) as service_type,
    coalesce(expected._period, found._period) as _period,
    expected.trips as trips_in_raw,
    found.trips as trips_accounted_for,
    expected.total_amount as amount_in_raw,
    found.total_amount as amount_accounted_for
from expected
full outer join found
    on expected.service_type = found.service_type and expected._period = found._period
where
    coalesce(expected.trips, 0) <> coalesce(found.trips, 0)
    or coalesce(expected.total_amount, 0) <> coalesce(found.total_amount, 0)
