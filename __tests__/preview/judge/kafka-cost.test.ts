import type { JsonObject } from "../../../preview/json";
import { create, remove, reportOf, update } from "../support/plan-json";

const address = "google_managed_kafka_cluster.kafka";
const capacity = (vcpus: number, gibibytes: number): JsonObject => ({
  cluster_id: "streams",
  capacity_config: [{ vcpu_count: String(vcpus), memory_bytes: String(gibibytes * 2 ** 30) }],
});

test("a Kafka cluster has the price of its compute units: 0.6 for a CPU, 0.1 for a GiB, 9 cents an hour each", () => {
  const { cost } = reportOf([create(address, capacity(3, 3))]);
  expect(cost.rows).toMatchObject([
    {
      what: "3 vCPUs, 3 GiB",
      before: 0,
      after: 137.97,
      note: "disks and traffic between zones are usage-based",
    },
  ]);
  expect(reportOf([update(address, capacity(3, 3), capacity(6, 24))]).cost).toMatchObject({
    before: 137.97,
    after: 394.2,
  });
  expect(reportOf([remove(address, capacity(6, 24))]).cost).toMatchObject({ before: 394.2, after: 0 });
});

test("its price is unknown, and not 0, if Terraform knows its size only later", () => {
  const { rows } = reportOf([create(address, { cluster_id: "streams" })]).cost;
  expect(rows).toMatchObject([{ note: "price unknown" }]);
  expect(rows[0]).not.toHaveProperty("after");
});
