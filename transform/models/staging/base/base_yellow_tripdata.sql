with source as (

    select
        VendorID,
        tpep_pickup_datetime,
        tpep_dropoff_datetime,
        passenger_count,
        trip_distance,
        RatecodeID,
        store_and_fwd_flag,
        PULocationID,
        DOLocationID,
        payment_type,
        fare_amount,
        extra,
        mta_tax,
        tip_amount,
        tolls_amount,
        improvement_surcharge,
        total_amount,
        congestion_surcharge,
        airport_fee,
        cbd_congestion_fee,
        _period
    from {{ source('raw', 'yellow_tripdata') }}

)

select
    {{ trip_hash(
        "Yellow",
        seconds=["tpep_pickup_datetime", "tpep_dropoff_datetime"],
        integers=["VendorID", "RatecodeID", "PULocationID", "DOLocationID", "passenger_count", "payment_type"],
        hundredths=[
            "trip_distance", "fare_amount", "extra", "mta_tax", "tip_amount", "tolls_amount",
            "improvement_surcharge", "total_amount", "congestion_surcharge", "airport_fee", "cbd_congestion_fee"
        ],
        texts=["store_and_fwd_flag"],
    ) }} as trip_hash,
    'Yellow' as service_type,
    VendorID as vendor_id,
    RatecodeID as rate_code_id,
    PULocationID as pickup_location_id,
    DOLocationID as dropoff_location_id,
    tpep_pickup_datetime as pickup_datetime,
    tpep_dropoff_datetime as dropoff_datetime,
    store_and_fwd_flag,
    passenger_count,
    trip_distance,
    {{ whole("1") }} as trip_type,
    {{ money("fare_amount") }} as fare_amount,
    {{ money("extra") }} as extra,
    {{ money("mta_tax") }} as mta_tax,
    {{ money("tip_amount") }} as tip_amount,
    {{ money("tolls_amount") }} as tolls_amount,
    {{ money("null") }} as ehail_fee,
    {{ money("improvement_surcharge") }} as improvement_surcharge,
    {{ money("congestion_surcharge") }} as congestion_surcharge,
    {{ money("airport_fee") }} as airport_fee,
    {{ money("cbd_congestion_fee") }} as cbd_congestion_fee,
    {{ money("total_amount") }} as total_amount,
    payment_type,
    {{ payment_type_description("payment_type") }} as payment_type_description,
    _period
from source
