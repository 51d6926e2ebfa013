import type { Construct } from "constructs";
import { lakePrefixes, type LakePrefix } from "../catalog/spec";
import type { Environment } from "../config";
import { StorageBucket } from "../constructs/storage-bucket";
import { type PlatformProps, PlatformStack } from "./platform-stack";

/** The data lake: one bucket for all data sets, laid out by the catalog's prefixes. */
export class LakeStack extends PlatformStack {
  constructor(scope: Construct, props: PlatformProps) {
    super(scope, "lake", props);
    const { environment } = props;
    new StorageBucket(this, "lake", {
      name: this.names.bucket("lake"),
      location: environment.region,
      expireDays: expiry(environment),
      forceDestroy: !environment.protectData,
    });
  }
}

/** What is raw, and the record of how it came, is never expired: external tables read it. */
function expiry({ ingestion }: Environment): Record<string, number> {
  const days: Record<LakePrefix, number | undefined> = {
    landing: ingestion.landingDays,
    raw: undefined,
    rejects: ingestion.rejectsDays,
    manifests: undefined,
  };
  return Object.fromEntries(
    lakePrefixes.flatMap((prefix) => (days[prefix] === undefined ? [] : [[`${prefix}/`, days[prefix]]])),
  );
}
