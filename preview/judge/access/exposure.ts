import { isEmpty } from "../../diff/equal";
import { arrayOf, isObject, type JsonObject, objectOf, textOf } from "../../json";
import { at } from "../path";

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
      // Without any source, a rule applies to all of them.
      const isOpen = ["source_ranges", "source_tags", "source_service_accounts"].every((name) =>
        isEmpty(values[name]),
      );
      const ranges = isOpen ? ["0.0.0.0/0"] : rangesOf(arrayOf(values["source_ranges"]));
      return ports.length === 0 ? [] : ranges.map((range) => `${ports.join("; ")} from ${range}`);
    }
    case "google_compute_firewall_policy_rule":
    case "google_compute_network_firewall_policy_rule":
    case "google_compute_region_network_firewall_policy_rule":
      return values["direction"] === "INGRESS" && values["action"] === "allow" && values["disabled"] !== true
        ? rangesOf(arrayOf(at(values, "match.src_ip_ranges"))).map((range) => `connections from ${range}`)
        : [];
    case "google_compute_forwarding_rule":
    case "google_compute_global_forwarding_rule":
      return textOf(values["load_balancing_scheme"])?.startsWith("EXTERNAL") === true
        ? ["an external load balancer"]
        : [];
    case "google_cloudfunctions_function":
      return values["ingress_settings"] === "ALLOW_ALL" ? [anySource] : [];
    case "google_composer_environment":
      return rangesOf(
        arrayOf(at(values, "config.web_server_network_access_control.allowed_ip_range")).map(
          (range) => objectOf(range)["value"],
        ),
      ).map((range) => `web server access from ${range}`);
    case "google_app_engine_firewall_rule":
      return values["action"] === "ALLOW"
        ? rangesOf([values["source_range"] === "*" ? "0.0.0.0/0" : values["source_range"]]).map(
            (range) => `connections from ${range}`,
          )
        : [];
    case "google_cloudfunctions2_function":
      return at(values, "service_config.ingress_settings") === "ALLOW_ALL" ? [anySource] : [];
    case "aws_lambda_function_url":
      return values["authorization_type"] === "NONE" ? ["unauthenticated calls"] : [];
    case "google_compute_instance":
    case "google_compute_instance_template":
    case "google_compute_region_instance_template":
    case "google_compute_instance_from_template":
      return arrayOf(values["network_interface"]).some(
        (network) =>
          arrayOf(objectOf(network)["access_config"]).length > 0 ||
          arrayOf(objectOf(network)["ipv6_access_config"]).length > 0,
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
      return [
        ...(values["invoker_iam_disabled"] === true ? ["unauthenticated calls"] : []),
        ...(values["ingress"] === "INGRESS_TRAFFIC_ALL" ? [anySource] : []),
      ];
    case "aws_security_group":
      return arrayOf(values["ingress"])
        .filter(isObject)
        .flatMap((rule) => rangesOf([...arrayOf(rule["cidr_blocks"]), ...arrayOf(rule["ipv6_cidr_blocks"])]))
        .map((range) => `ingress from ${range}`);
    case "aws_security_group_rule":
      return values["type"] === "ingress"
        ? rangesOf([...arrayOf(values["cidr_blocks"]), ...arrayOf(values["ipv6_cidr_blocks"])]).map(
            (range) => `ingress from ${range}`,
          )
        : [];
    case "aws_vpc_security_group_ingress_rule":
      return rangesOf([values["cidr_ipv4"], values["cidr_ipv6"]]).map((range) => `ingress from ${range}`);
    case "aws_eks_cluster":
      return at(values, "vpc_config.endpoint_public_access") === true
        ? rangesOf(arrayOf(at(values, "vpc_config.public_access_cidrs"))).map(
            (range) => `API access from ${range}`,
          )
        : [];
    case "aws_ami_launch_permission":
      return values["group"] === "all" ? ["copies of the image"] : [];
    case "aws_db_snapshot":
    case "aws_db_cluster_snapshot":
      return arrayOf(values["shared_accounts"]).includes("all") ? ["copies of the snapshot"] : [];
    case "aws_lb":
    case "aws_alb":
      return values["internal"] === false ? ["an external load balancer"] : [];
    case "aws_instance":
      return values["associate_public_ip_address"] === true ? ["a public IP address"] : [];
    case "aws_rds_cluster_instance":
    case "aws_redshift_cluster":
    case "aws_redshiftserverless_workgroup":
    case "aws_db_instance":
      return values["publicly_accessible"] === true ? ["a public IP address"] : [];
    default:
      return [];
  }
}

/** A new service accepts these by default, and IAM controls who can call it. */
export const anySource = "requests from any address";

/** Ranges that contain the whole internet, or a large part of it. */
function rangesOf(ranges: readonly unknown[]): string[] {
  return ranges.flatMap((range) =>
    typeof range === "string" && /^(?:\d+(?:\.\d+){3}\/[0-7]|[0-9a-f]*::\/(?:\d|1\d))$/i.test(range)
      ? [range]
      : [],
  );
}
