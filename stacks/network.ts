import type { Construct } from "constructs";
import type { NetworkSettings } from "../config";
import { PrivateNetwork } from "../constructs/private-network";
import { checkAddresses } from "./parallel-tasks";
import { type PlatformProps, PlatformStack } from "./platform-stack";
import { checkExecutors } from "./spark";

/** The network through which the jobs connect to the database, and the machines of a Spark batch to each other. */
export class NetworkStack extends PlatformStack {
  constructor(scope: Construct, props: PlatformProps, network: NetworkSettings) {
    super(scope, "network", props);
    const { region, database, ingestion, spark } = props.environment;
    // Otherwise no task uses the network.
    if (database !== undefined || ingestion.proxy !== undefined) checkAddresses(props.environment, network);
    checkExecutors(props.environment, network);
    new PrivateNetwork(this, "platform", {
      name: this.names.network("platform"),
      location: region,
      subnetRange: network.subnetRange,
      // The machines of a Spark batch talk to each other.
      internalIngress: spark !== undefined,
      servicesRange: database && network.servicesRange,
    });
  }
}
