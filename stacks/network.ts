import type { Construct } from "constructs";
import { PrivateNetwork } from "../constructs/private-network";
import { type PlatformProps, PlatformStack } from "./platform-stack";

/** The network through which the jobs connect to the database. */
export class NetworkStack extends PlatformStack {
  constructor(scope: Construct, props: PlatformProps) {
    super(scope, "network", props);
    const { region, network, database } = props.environment;
    new PrivateNetwork(this, "platform", {
      name: this.names.network("platform"),
      location: region,
      subnetRange: network.subnetRange,
      servicesRange: database && network.servicesRange,
    });
  }
}
