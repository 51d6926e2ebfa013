import { defineDataset } from "../../dataset";

/** Source: the TLC's zone table. It changes every few years, so it is ingested on request. */
export default defineDataset({
  id: "taxi_zones",
  description: "New York's taxi zones, one row per zone.",
  source: {
    url: "https://d37ci6vzurychx.cloudfront.net/misc/taxi_zone_lookup.csv",
    format: "csv",
  },
  grain: "once",
  columns: [
    { name: "LocationID", type: "INTEGER", mode: "REQUIRED", description: "Number of the zone." },
    { name: "Borough", type: "STRING", description: "Borough, EWR, or Unknown." },
    { name: "Zone", type: "STRING", description: "Name of the zone; N/A or NV if unknown." },
    { name: "service_zone", type: "STRING", description: "Yellow Zone, Boro Zone, Airports or EWR." },
  ],
});
