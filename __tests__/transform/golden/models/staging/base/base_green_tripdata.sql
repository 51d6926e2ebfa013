with source as (

    select
        VendorID,
        lpep_pickup_datetime,
        lpep_dropoff_datetime,
        store_and_fwd_flag,
        RatecodeID,
        PULocationID,
        DOLocationID,
        passenger_count,
        trip_distance,
        fare_amount,
        extra,
        mta_tax,
        tip_amount,
        tolls_amount,
        ehail_fee,
        improvement_surcharge,
        total_amount,
        payment_type,
        trip_type,
        congestion_surcharge,
        cbd_congestion_fee,
        _period
    from `example`.`raw`.`green_tripdata`

)

select
    to_hex(md5('Green'
        || '|' || cast(_period as string)
        || '|' || coalesce(format_datetime('%Y-%m-%d %H:%M:%S', lpep_pickup_datetime), '')
        || '|' || coalesce(format_datetime('%Y-%m-%d %H:%M:%S', lpep_dropoff_datetime), '')
        || '|' || coalesce(cast(VendorID as string), '')
        || '|' || coalesce(cast(RatecodeID as string), '')
        || '|' || coalesce(cast(PULocationID as string), '')
        || '|' || coalesce(cast(DOLocationID as string), '')
        || '|' || coalesce(cast(passenger_count as string), '')
        || '|' || coalesce(cast(payment_type as string), '')
        || '|' || coalesce(cast(trip_type as string), '')
        || '|' || coalesce(cast(safe_cast(round(trip_distance * 100) as int64) as string), '')
        || '|' || coalesce(cast(safe_cast(round(fare_amount * 100) as int64) as string), '')
        || '|' || coalesce(cast(safe_cast(round(extra * 100) as int64) as string), '')
        || '|' || coalesce(cast(safe_cast(round(mta_tax * 100) as int64) as string), '')
        || '|' || coalesce(cast(safe_cast(round(tip_amount * 100) as int64) as string), '')
        || '|' || coalesce(cast(safe_cast(round(tolls_amount * 100) as int64) as string), '')
        || '|' || coalesce(cast(safe_cast(round(improvement_surcharge * 100) as int64) as string), '')
        || '|' || coalesce(cast(safe_cast(round(total_amount * 100) as int64) as string), '')
        || '|' || coalesce(cast(safe_cast(round(congestion_surcharge * 100) as int64) as string), '')
        || '|' || coalesce(cast(safe_cast(round(ehail_fee * 100) as int64) as string), '')
        || '|' || coalesce(cast(safe_cast(round(cbd_congestion_fee * 100) as int64) as string), '')
        || '|' || coalesce(store_and_fwd_flag, ''))) as trip_hash,
    'Green' as service_type,
    VendorID as vendor_id,
    RatecodeID as rate_code_id,
    PULocationID as pickup_location_id,
    DOLocationID as dropoff_location_id,
    lpep_pickup_datetime as pickup_datetime,
    lpep_dropoff_datetime as dropoff_datetime,
    store_and_fwd_flag,
    passenger_count,
    trip_distance,
    trip_type as trip_type,
    safe_cast(fare_amount as numeric) as fare_amount,
    safe_cast(extra as numeric) as extra,
    safe_cast(mta_tax as numeric) as mta_tax,
    safe_cast(tip_amount as numeric) as tip_amount,
    safe_cast(tolls_amount as numeric) as tolls_amount,
    safe_cast(ehail_fee as numeric) as ehail_fee,
    safe_cast(improvement_surcharge as numeric) as improvement_surcharge,
    safe_cast(congestion_surcharge as numeric) as congestion_surcharge,
    safe_cast(null as numeric) as airport_fee,
    safe_cast(cbd_congestion_fee as numeric) as cbd_congestion_fee,
    safe_cast(total_amount as numeric) as total_amount,
    payment_type,
    case payment_type
        when 0 then 'Flex fare'
        when 1 then 'Credit card'
        when 2 then 'Cash'
        when 3 then 'No charge'
        when 4 then 'Dispute'
        when 5 then 'Unknown'
        when 6 then 'Voided trip'
    end as payment_type_description,
    _period
from source
