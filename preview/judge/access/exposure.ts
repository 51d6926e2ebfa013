import { arrayOf, isObject, type JsonObject, objectOf, textOf } from "../../json";
import { at } from "../loss/in-place";

/** Descriptions of how a resource is reachable from the internet. */
export function exposuresOf(type: string, values: JsonObject): string[] {
  switch (type) {
    case "google_sql_database_instance":
      return [
        ...(at(values, "settings.ip_configuration.ipv4_enabled") === true ? ["a public IP address"] : []),
        ...rangesOf(
          arrayOf(at(values, "settings.ip_configuration.authorized_networks")).map(
            (network) => objectOf(network)["value"],
          ),
        ).map((range) => `connections from ${range}`),
      ];
    case "google_compute_firewall": {
      if (textOf(values["direction"]) === "EGRESS" || values["disabled"] === true) return [];
      const ports = arrayOf(values["allow"]).map((rule) => {
        const { protocol, ports: open } = objectOf(rule);
        return `${textOf(protocol) ?? "any"}${arrayOf(open).length > 0 ? ` ${arrayOf(open).map(String).join(", ")}` : ""}`;
      });
      return ports.length === 0
        ? []
        : rangesOf(arrayOf(values["source_ranges"])).map((range) => `${ports.join("; ")} from ${range}`);
    }
    case "google_compute_instance":
    case "google_compute_instance_template":
      return arrayOf(values["network_interface"]).some(
        (network) => arrayOf(objectOf(network)["access_config"]).length > 0,
      )
        ? ["a public IP address"]
        : [];
    case "google_container_cluster": {
      const isPrivate = at(values, "private_cluster_config.enable_private_endpoint") === true;
      const networks = arrayOf(at(values, "master_authorized_networks_config.cidr_blocks"));
      return isPrivate
        ? []
        : rangesOf(networks.map((network) => objectOf(network)["cidr_block"])).map(
            (range) => `API access from ${range}`,
          );
    }
    case "google_alloydb_instance":
      return at(values, "network_config.enable_public_ip") === true ? ["a public IP address"] : [];
    case "google_cloud_run_v2_service":
      return values["invoker_iam_disabled"] === true ? ["unauthenticated calls"] : [];
    case "aws_security_group":
      return arrayOf(values["ingress"])
        .filter(isObject)
        .flatMap((rule) => rangesOf(arrayOf(rule["cidr_blocks"])).map((range) => `ingress from ${range}`));
    case "aws_security_group_rule":
      return values["type"] === "ingress"
        ? rangesOf(arrayOf(values["cidr_blocks"])).map((range) => `ingress from ${range}`)
        : [];
    case "aws_vpc_security_group_ingress_rule":
      return rangesOf([values["cidr_ipv4"], values["cidr_ipv6"]]).map((range) => `ingress from ${range}`);
    case "aws_db_instance":
      return values["publicly_accessible"] === true ? ["a public IP address"] : [];
    default:
      return [];
  }
}

/** Ranges that contain the whole internet, or half of it. */
function rangesOf(ranges: readonly unknown[]): string[] {
  return ranges.flatMap((range) =>
    typeof range === "string" && /^(?:0\.0\.0\.0|128\.0\.0\.0|::)\/[01]$/.test(range) ? [range] : [],
  );
}
