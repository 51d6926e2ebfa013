select
    location_id,
    borough,
    zone,
    replace(service_zone, 'Boro', 'Green') as service_zone,
    coalesce(borough not in ('Unknown', 'N/A'), false) as is_known
from `example`.`staging`.`stg_taxi_zones`
