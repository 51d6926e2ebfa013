import type { Construct } from "constructs";
import { PrivateNetwork } from "../constructs/private-network";
import { checkAddresses } from "./parallel-tasks";
import { type PlatformProps, PlatformStack } from "./platform-stack";

/** The network through which the jobs connect to the database. */
export class NetworkStack extends PlatformStack {
  constructor(scope: Construct, props: PlatformProps) {
    super(scope, "network", props);
    const { region, network, database } = props.environment;
    // Without a database, no task uses the network.
    if (database !== undefined) checkAddresses(props.environment);
    new PrivateNetwork(this, "platform", {
      name: this.names.network("platform"),
      location: region,
      subnetRange: network.subnetRange,
      servicesRange: database && network.servicesRange,
    });
  }
}
