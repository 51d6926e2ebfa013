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
    from {{ source('raw', 'green_tripdata') }}

)

select
    {{ trip_hash(
        "Green",
        seconds=["lpep_pickup_datetime", "lpep_dropoff_datetime"],
        integers=["VendorID", "RatecodeID", "PULocationID", "DOLocationID", "passenger_count", "payment_type", "trip_type"],
        hundredths=[
            "trip_distance", "fare_amount", "extra", "mta_tax", "tip_amount", "tolls_amount",
            "improvement_surcharge", "total_amount", "congestion_surcharge", "ehail_fee", "cbd_congestion_fee"
        ],
        texts=["store_and_fwd_flag"],
    ) }} as trip_hash,
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
    {{ money("fare_amount") }} as fare_amount,
    {{ money("extra") }} as extra,
    {{ money("mta_tax") }} as mta_tax,
    {{ money("tip_amount") }} as tip_amount,
    {{ money("tolls_amount") }} as tolls_amount,
    {{ money("ehail_fee") }} as ehail_fee,
    {{ money("improvement_surcharge") }} as improvement_surcharge,
    {{ money("congestion_surcharge") }} as congestion_surcharge,
    {{ money("null") }} as airport_fee,
    {{ money("cbd_congestion_fee") }} as cbd_congestion_fee,
    {{ money("total_amount") }} as total_amount,
    payment_type,
    {{ payment_type_description("payment_type") }} as payment_type_description,
    _period
from source
