import { PrivateNetwork, type PrivateNetworkProps } from "../../constructs/private-network";
import { resources, stackOf } from "../support/stack";
import { location, refusal, like } from "./support";

const base = { name: "platform", location, subnetRange: "10.10.0.0/24" };
const synthesized = (props: Partial<PrivateNetworkProps> = {}) =>
  stackOf((stack) => new PrivateNetwork(stack, "net", { ...base, ...props }));

const network = like(/^\$\{google_compute_network\.net_\w+\.id\}$/);

describe("PrivateNetwork", () => {
  test("has one subnet, from which Google's APIs are reached privately, with flow logs", () => {
    const json = synthesized();
    expect(resources(json, "google_compute_network")).toEqual([
      {
        name: "platform",
        auto_create_subnetworks: false,
        delete_default_routes_on_create: false,
        routing_mode: "REGIONAL",
      },
    ]);
    expect(resources(json, "google_compute_subnetwork")).toEqual([
      {
        name: "platform-subnet",
        region: location,
        network,
        ip_cidr_range: "10.10.0.0/24",
        private_ip_google_access: true,
        private_ipv6_google_access: "DISABLE_GOOGLE_ACCESS",
        stack_type: "IPV4_ONLY",
        log_config: {
          aggregation_interval: "INTERVAL_10_MIN",
          flow_sampling: 0.5,
          metadata: "INCLUDE_ALL_METADATA",
        },
      },
    ]);
  });

  test("accepts the share of connections that are logged", () => {
    expect(resources(synthesized({ flowLogShare: 0 }), "google_compute_subnetwork")).toMatchObject([
      { log_config: { flow_sampling: 0 } },
    ]);
  });

  test("denies and logs all ingress, after any other rule", () => {
    expect(resources(synthesized(), "google_compute_firewall")).toEqual([
      {
        network,
        description: "Denies and logs ingress that no other rule allows.",
        name: "platform-deny-ingress",
        direction: "INGRESS",
        priority: 65_534,
        source_ranges: ["0.0.0.0/0"],
        deny: [{ protocol: "all" }],
        log_config: { metadata: "EXCLUDE_ALL_METADATA" },
      },
    ]);
  });

  test("is peered with Google's services only if it has a range for them", () => {
    const json = synthesized({ servicesRange: "10.20.0.0/16" });
    expect(resources(json, "google_compute_global_address")).toEqual([
      {
        network,
        name: "platform-services",
        purpose: "VPC_PEERING",
        address_type: "INTERNAL",
        address: "10.20.0.0",
        prefix_length: 16,
      },
    ]);
    expect(resources(json, "google_service_networking_connection")).toEqual([
      {
        network,
        service: "servicenetworking.googleapis.com",
        reserved_peering_ranges: [like(/^\$\{google_compute_global_address\./)],
        deletion_policy: "ABANDON",
        update_on_creation_fail: true,
      },
    ]);
    expect(resources(synthesized(), "google_service_networking_connection")).toEqual([]);
  });

  test("is imported by full names", () => {
    const names = {
      resourceName: "projects/p/global/networks/n",
      subnetResourceName: "projects/p/regions/r/subnetworks/s",
    };
    const json = stackOf((stack) => {
      expect(PrivateNetwork.fromNames(stack, "net", names)).toMatchObject(names);
    });
    expect(json.resource).toEqual({});
  });

  test("rejects ranges, shares and names of the wrong form", () => {
    const wrong = { name: "Net", subnetRange: "10.0.0.0", servicesRange: "all", flowLogShare: 2 };
    expect(refusal(() => synthesized(wrong))).toBe(`PrivateNetwork at test/net:
  - name: "Net" must be at most 50 lowercase letters, digits and hyphens, starting with a letter
  - subnetRange: "10.0.0.0" must be a range such as 10.10.0.0/24
  - servicesRange: "all" must be a range such as 10.10.0.0/24
  - flowLogShare: 2 must be from 0 to 1`);
    const small = { ...base, subnetRange: "10.0.0.0/27", servicesRange: "10.1.0.0/25" };
    expect(refusal(() => synthesized(small))).toBe(`PrivateNetwork at test/net:
  - subnetRange: "10.0.0.0/27" must be a /26 or larger, which Cloud Run needs
  - servicesRange: "10.1.0.0/25" must be a /16 to /24: Cloud SQL takes a /24 of it in each region`);
    const short = { resourceName: "n", subnetResourceName: "s" };
    expect(refusal((stack) => PrivateNetwork.fromNames(stack, "net", short))).toContain(
      `resourceName: "n" must be projects/<project>/global/networks/<name>
  - subnetResourceName: "s" must be projects/<project>/regions/<region>/subnetworks/<name>`,
    );
  });
});
