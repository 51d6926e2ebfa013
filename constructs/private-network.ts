import { ComputeFirewall } from "@cdktf/provider-google/lib/compute-firewall";
import { ComputeGlobalAddress } from "@cdktf/provider-google/lib/compute-global-address";
import { ComputeNetwork } from "@cdktf/provider-google/lib/compute-network";
import { ComputeSubnetwork } from "@cdktf/provider-google/lib/compute-subnetwork";
import { ServiceNetworkingConnection } from "@cdktf/provider-google/lib/service-networking-connection";
import { Token } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { type Fault, malformed, refuse } from "./errors";
import { type Dependency, TerraformConstruct } from "./terraform-construct";

export interface PrivateNetworkProps {
  /** At most 50 lowercase letters, digits and hyphens; the names of its parts start with it. */
  readonly name: string;
  /** Region of the subnet. */
  readonly location: string;
  /**
   * Private addresses of the subnet: `10.10.0.0/24`. Cloud Run needs a /26 or larger, and about two addresses for each
   * task that runs at the same time.
   */
  readonly subnetRange: string;
  /** Private addresses for Google's services (Cloud SQL), /16 to /24. @default - no private service access */
  readonly servicesRange?: string;
  /**
   * Whether the machines in the subnet can reach each other on all ports, which Spark, for example, needs.
   * @default false
   */
  readonly internalIngress?: boolean;
  /** Share of the connections that are logged, 0 to 1. @default 0.5 */
  readonly flowLogShare?: number;
  /** What must be created first, such as the enabled API. @default - nothing */
  readonly dependsOn?: readonly Dependency[];
}

/** A VPC network with a subnet, new or imported. */
export interface IPrivateNetwork extends PrivateNetworkNames, IConstruct {}

/** The full names of a network and its subnet. */
export interface PrivateNetworkNames {
  /** `projects/<project>/global/networks/<name>` */
  readonly resourceName: string;
  /** `projects/<project>/regions/<region>/subnetworks/<name>` */
  readonly subnetResourceName: string;
}

/**
 * A VPC network with one subnet. Google's APIs are reached without leaving Google's network; ingress is denied unless
 * another rule allows it.
 */
export class PrivateNetwork extends TerraformConstruct implements IPrivateNetwork {
  /**
   * Imports a network that exists already or that another stack creates. Nothing is created.
   *
   * @throws ConstructError if a name is not a full name
   */
  static fromNames(scope: Construct, id: string, names: PrivateNetworkNames): IPrivateNetwork {
    return new ImportedNetwork(scope, id, names);
  }

  readonly resourceName: string;
  readonly subnetResourceName: string;
  /** Name of the network. */
  readonly name: string;
  /** Name of the subnet. */
  readonly subnetName: string;

  constructor(scope: Construct, id: string, props: PrivateNetworkProps) {
    super(scope, id);
    refuse(this, faultsOf(props));
    const network = new ComputeNetwork(this, "Resource", {
      name: props.name,
      autoCreateSubnetworks: false,
      routingMode: "REGIONAL",
      deleteDefaultRoutesOnCreate: false,
    });
    network.node.addDependency(...(props.dependsOn ?? []));
    const subnet = new ComputeSubnetwork(this, "subnet", {
      name: `${props.name}-subnet`,
      region: props.location,
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
      description: "Denies and logs ingress that no other rule allows.",
      direction: "INGRESS",
      priority: 65_534,
      sourceRanges: ["0.0.0.0/0"],
      deny: [{ protocol: "all" }],
      logConfig: { metadata: "EXCLUDE_ALL_METADATA" },
    });
    if (props.internalIngress === true) {
      new ComputeFirewall(this, "internal-ingress", {
        name: `${props.name}-internal`,
        network: network.id,
        description: "Allows ingress from the subnet to the subnet.",
        direction: "INGRESS",
        priority: 1000,
        sourceRanges: [props.subnetRange],
        destinationRanges: [props.subnetRange],
        allow: [{ protocol: "all" }],
        logConfig: { metadata: "EXCLUDE_ALL_METADATA" },
      });
    }
    if (props.servicesRange !== undefined) this.connectServices(network, props.name, props.servicesRange);
    this.resourceName = network.id;
    this.subnetResourceName = subnet.id;
    this.name = network.name;
    this.subnetName = subnet.name;
  }

  /** Private service access: peers the network with that of Google's services. */
  private connectServices(network: ComputeNetwork, name: string, range: string): void {
    const [address, prefix] = range.split("/");
    const reserved = new ComputeGlobalAddress(this, "services-range", {
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
      reservedPeeringRanges: [reserved.name],
      // Google refuses to delete it for days after the last instance is deleted. Delete its peering, then the network.
      deletionPolicy: "ABANDON",
      // What was abandoned is used again.
      updateOnCreationFail: true,
    });
  }
}

class ImportedNetwork extends TerraformConstruct implements IPrivateNetwork {
  readonly resourceName: string;
  readonly subnetResourceName: string;

  constructor(scope: Construct, id: string, { resourceName, subnetResourceName }: PrivateNetworkNames) {
    super(scope, id);
    refuse(this, [
      malformed(
        "resourceName",
        resourceName,
        /^projects\/[^/]+\/global\/networks\/[^/]+$/,
        "projects/<project>/global/networks/<name>",
      ),
      malformed(
        "subnetResourceName",
        subnetResourceName,
        /^projects\/[^/]+\/regions\/[^/]+\/subnetworks\/[^/]+$/,
        "projects/<project>/regions/<region>/subnetworks/<name>",
      ),
    ]);
    this.resourceName = resourceName;
    this.subnetResourceName = subnetResourceName;
  }
}

function faultsOf({ name, subnetRange, servicesRange, flowLogShare: share = 0.5 }: PrivateNetworkProps) {
  const range = [/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/, "a range such as 10.10.0.0/24"] as const;
  const faults: Fault[] = [
    malformed(
      "name",
      name,
      /^[a-z]([a-z0-9-]{0,48}[a-z0-9])?$/,
      "at most 50 lowercase letters, digits and hyphens, starting with a letter",
    ),
    malformed("subnetRange", subnetRange, ...range) ||
      (prefixOf(subnetRange) > 26 &&
        `subnetRange: "${subnetRange}" must be a /26 or larger, which Cloud Run needs`),
    servicesRange !== undefined &&
      (malformed("servicesRange", servicesRange, ...range) ||
        ((prefixOf(servicesRange) < 16 || prefixOf(servicesRange) > 24) &&
          `servicesRange: "${servicesRange}" must be a /16 to /24: Cloud SQL takes a /24 of it in each region`)),
    (share < 0 || share > 1) && `flowLogShare: ${share} must be from 0 to 1`,
  ];
  return faults;
}

/** `24` of `10.10.0.0/24`. A range that Terraform computes passes. */
function prefixOf(range: string): number {
  return Token.isUnresolved(range) ? 24 : Number(range.split("/")[1]);
}
