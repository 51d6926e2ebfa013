import { adopted as adoptedFrom } from "../../checks/terraform/adopted";
import type { Environment, StreamingSettings } from "../../config/settings/environment";
import { environmentNamed } from "../../config/settings/validate";
import { resourcesOf } from "../../guardrails/synthesis";
import { permissionsPage } from "../../scripts/permissions/page";
import { synthesized } from "../../scripts/synthesized";
import { loadCatalog } from "../fixtures/catalog";
import { loadEnvironment } from "../fixtures/config";
import { synthError } from "../support/platform";

const prod = loadEnvironment("prod");
const streaming: StreamingSettings = {
  vcpus: 3,
  memoryGib: 3,
  retentionDays: 7,
  producers: ["meters@acme-taxis.iam.gserviceaccount.com", "both@acme-taxis.iam.gserviceaccount.com"],
  consumers: ["sink@acme-taxis.iam.gserviceaccount.com", "both@acme-taxis.iam.gserviceaccount.com"],
};
const resources = (environment: Environment) =>
  [...synthesized({ environment, catalog: loadCatalog() })].flatMap(([stack, { resource }]) =>
    resourcesOf(stack, resource),
  );
const kafka = (environment: Environment) =>
  resources(environment).filter(({ path, values }) => /kafka/i.test(path + JSON.stringify(values)));

test("without streaming, there is no cluster, no API, and no permission for either", () => {
  for (const name of ["dev", "prod"]) expect(kafka(loadEnvironment(name))).toEqual([]);
});

describe("with streaming", () => {
  const all = resources({ ...prod, streaming });
  const values = (type: string) => all.filter((one) => one.type === type).map((one) => one.values);

  test("the cluster is in the platform's network, and encrypted with its key", () => {
    expect(values("google_managed_kafka_cluster")).toMatchObject([
      {
        cluster_id: "prod-streaming",
        location: prod.region,
        gcp_config: {
          access_config: {
            network_configs: [
              {
                subnet: `projects/${prod.project.id}/regions/${prod.region}/subnetworks/prod-platform-subnet`,
              },
            ],
          },
        },
      },
    ]);
    const adopted = adoptedFrom(prod);
    expect(kafka(adopted).filter(({ type }) => type === "google_managed_kafka_cluster")).toMatchObject([
      {
        values: {
          cluster_id: "acme-corp-streaming-zrh",
          gcp_config: {
            kms_key: adopted.kmsKey,
            access_config: { network_configs: [{ subnet: adopted.existing?.network?.subnet }] },
          },
        },
      },
    ]);
  });

  test("its topics are those of a laptop: the broker's clock, and one dead letter for each place", () => {
    expect(values("google_managed_kafka_topic")).toMatchObject([
      {
        topic_id: "rides",
        partition_count: 3,
        replication_factor: 3,
        configs: { "message.timestamp.type": "LogAppendTime", "retention.ms": "604800000" },
      },
      { topic_id: "rides.dead-letter", partition_count: 1, configs: { "cleanup.policy": "compact" } },
    ]);
  });

  test("who sends cannot read, and who reads can only add dead letters", () => {
    const lists = values("google_managed_kafka_acl").map(({ acl_id, acl_entries }) => [
      acl_id,
      (acl_entries as { principal: string; operation: string }[]).map(
        ({ principal, operation }) => `${principal.replace(/^User:|@.*$/g, "")} ${operation}`,
      ),
    ]);
    expect(Object.fromEntries(lists)).toEqual({
      "topic/rides": [
        "meters DESCRIBE",
        "meters WRITE",
        "both DESCRIBE",
        "both WRITE",
        "both READ",
        "sink DESCRIBE",
        "sink READ",
      ],
      "consumerGroupPrefixed/rides-sink": ["both READ", "sink READ"],
      "topic/rides.dead-letter": ["both DESCRIBE", "both WRITE", "sink DESCRIBE", "sink WRITE"],
    });
    const clients = values("google_project_iam_member").filter(
      ({ role }) => role === "roles/managedkafka.client",
    );
    expect(clients.map(({ member }) => member).sort()).toEqual(
      ["both", "meters", "sink"].map((name) => `serviceAccount:${name}@acme-taxis.iam.gserviceaccount.com`),
    );
  });

  test("GitHub deploys it, except for what would delete messages of an environment that protects data", () => {
    const permissionsIn = (found: typeof all) =>
      found
        .filter(({ type }) => type === "google_project_iam_custom_role")
        .flatMap((one) => one.values.permissions as string[])
        .filter((name) => name.startsWith("managedkafka.") && name.endsWith(".delete"));
    expect(permissionsIn(all)).toEqual(["managedkafka.acls.delete"]);
    expect(permissionsIn(resources({ ...prod, streaming, protectData: false })).sort()).toEqual([
      "managedkafka.acls.delete",
      "managedkafka.clusters.delete",
      "managedkafka.topics.delete",
    ]);
    expect(values("google_project_service").map(({ service }) => service)).toContain(
      "managedkafka.googleapis.com",
    );
  });

  test("the page of permissions says who may do what with the topics", () => {
    const environment = { ...prod, streaming };
    const own = synthesized({ environment, catalog: loadCatalog() });
    const page = permissionsPage(environment, own, own);
    expect(page).toContain("| meters | `Kafka: DESCRIBE, WRITE` | topic rides | ");
    expect(page).toContain("| sink | `Kafka: DESCRIBE, READ` | topic rides | ");
    expect(page).toContain("| sink | `Kafka: READ` | consumer groups rides-sink* | ");
    expect(page).toContain("| meters | `roles/managedkafka.client` | the project | ");
  });

  test("keeps the guardrails, which check its key and its names", () => {
    expect(synthError({ environment: { ...prod, streaming } })).toBeUndefined();
    const error = synthError({ environment: adoptedFrom(prod) }, (draft) => {
      draft.set("streaming", "kafka", "gcp_config.kms_key", undefined);
    });
    expect(error?.message).toContain("corp-streaming/kafka is not encrypted with the key");
  });
});

test.each<[string, Partial<StreamingSettings>, string]>([
  ["too few CPUs", { vcpus: 2 }, "streaming.vcpus: "],
  ["too much memory", { memoryGib: 25 }, "streaming.memoryGib: "],
  ["a user as a producer", { producers: ["ada@example.com"] }, "streaming.producers.0: "],
])("%s is refused", (_, change, fault) => {
  expect(() => environmentNamed("prod", [{ ...prod, streaming: { ...streaming, ...change } }])).toThrow(
    fault,
  );
});
