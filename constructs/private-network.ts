import { ComputeFirewall } from "@cdktf/provider-google/lib/compute-firewall";
import { ComputeGlobalAddress } from "@cdktf/provider-google/lib/compute-global-address";
import { ComputeNetwork } from "@cdktf/provider-google/lib/compute-network";
import { ComputeSubnetwork } from "@cdktf/provider-google/lib/compute-subnetwork";
import { ServiceNetworkingConnection } from "@cdktf/provider-google/lib/service-networking-connection";
import { Construct } from "constructs";
import { malformed, refuse } from "./errors";

export interface PrivateNetworkProps {
  /** At most 50 lower-case letters, digits and dashes; the parts are named after it. */
  readonly name: string;
  /** Region of the subnet. */
  readonly region: string;
  /** Private addresses of what runs in the network: `10.10.0.0/24`. */
  readonly subnetRange: string;
  /** Private addresses lent to Google for its services (Cloud SQL), /16 to /24. @default - no such services */
  readonly servicesRange?: string;
  /** Share of the connections that are logged, 0 to 1. @default 0.5 */
  readonly flowLogShare?: number;
}

/**
 * A network with one subnet, from which Google's APIs are reached without leaving Google and nothing is reached
 * from outside.
 */
export class PrivateNetwork extends Construct {
  readonly name: string;
  readonly subnetName: string;

  constructor(scope: Construct, id: string, props: PrivateNetworkProps) {
    super(scope, id);
    refuse(this, [
      malformed(
        "name",
        props.name,
        /^[a-z]([a-z0-9-]{0,48}[a-z0-9])?$/,
        "at most 50 lower-case letters, digits and dashes, starting with a letter",
      ),
      malformed("subnetRange", props.subnetRange, ...range),
      props.servicesRange !== undefined && malformed("servicesRange", props.servicesRange, ...range),
    ]);
    const network = new ComputeNetwork(this, "Resource", {
      name: props.name,
      autoCreateSubnetworks: false,
      routingMode: "REGIONAL",
      deleteDefaultRoutesOnCreate: false,
    });
    const subnet = new ComputeSubnetwork(this, "subnet", {
      name: `${props.name}-subnet`,
      region: props.region,
      network: network.id,
      ipCidrRange: props.subnetRange,
      privateIpGoogleAccess: true,
      privateIpv6GoogleAccess: "DISABLE_GOOGLE_ACCESS",
      stackType: "IPV4_ONLY",
      logConfig: {
        aggregationInterval: "INTERVAL_10_MIN",
        flowSampling: props.flowLogShare ?? 0.5,
        metadata: "INCLUDE_ALL_METADATA",
      },
    });
    new ComputeFirewall(this, "deny-ingress", {
      name: `${props.name}-deny-ingress`,
      network: network.id,
      description: "What is not allowed by another rule does not get in, and is logged.",
      direction: "INGRESS",
      priority: 65_534,
      sourceRanges: ["0.0.0.0/0"],
      deny: [{ protocol: "all" }],
      logConfig: { metadata: "EXCLUDE_ALL_METADATA" },
    });
    if (props.servicesRange !== undefined) this.lendToGoogle(network, props.name, props.servicesRange);
    this.name = network.name;
    this.subnetName = subnet.name;
  }

  /** Private service access: Google's own network, peered with this one. */
  private lendToGoogle(network: ComputeNetwork, name: string, range: string): void {
    const [address, prefix] = range.split("/");
    const lent = new ComputeGlobalAddress(this, "services-range", {
      name: `${name}-services`,
      network: network.id,
      purpose: "VPC_PEERING",
      addressType: "INTERNAL",
      address,
      prefixLength: Number(prefix),
    });
    new ServiceNetworkingConnection(this, "services", {
      network: network.id,
      service: "servicenetworking.googleapis.com",
      reservedPeeringRanges: [lent.name],
    });
  }
}

const range = [/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/, "a range such as 10.10.0.0/24"] as const;
