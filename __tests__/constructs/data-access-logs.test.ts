import { DataAccessLogs, type DataAccessLogsProps } from "../../constructs/data-access-logs";
import { StorageBucket } from "../../constructs/storage-bucket";
import { resources, stackOf } from "../support/stack";
import { refusal } from "./support";

const logs = (props: Partial<DataAccessLogsProps> = {}) =>
  stackOf((stack) => {
    const bucket = StorageBucket.fromName(stack, "logs", "logs");
    new DataAccessLogs(stack, "audit", {
      services: ["storage"],
      sinkName: "audit",
      bucket,
      project: "p",
      ...props,
    });
  });

describe("DataAccessLogs", () => {
  test("logs reads and writes of each service", () => {
    expect(
      resources(logs({ services: ["storage", "secretmanager"] }), "google_project_iam_audit_config"),
    ).toEqual(
      ["secretmanager", "storage"].map((service) => ({
        project: "p",
        service: `${service}.googleapis.com`,
        audit_log_config: [{ log_type: "DATA_READ" }, { log_type: "DATA_WRITE" }],
      })),
    );
  });

  test("copies the logs to a bucket, except those of copying, and grants nothing but that", () => {
    expect(resources(logs(), "google_logging_project_sink")).toEqual([
      {
        name: "audit",
        project: "p",
        description: "Who read and wrote which data",
        destination: "storage.googleapis.com/logs",
        filter:
          'log_id("cloudaudit.googleapis.com/data_access") AND ' +
          'NOT protoPayload.authenticationInfo.principalEmail:"@gcp-sa-logging.iam.gserviceaccount.com"',
        unique_writer_identity: true,
      },
    ]);
    expect(resources(logs(), "google_storage_bucket_iam_member")).toEqual([
      {
        bucket: "logs",
        role: "roles/storage.objectCreator",
        member: expect.stringMatching(
          /^serviceAccount:\$\{trimprefix\(google_logging_project_sink\.audit_\w+\.writer_identity, "serviceAccount:"\)\}$/,
        ) as string,
      },
    ]);
  });

  test("rejects no service, a full name of a service, and an invalid name of the sink", () => {
    expect(
      refusal((stack) => {
        const bucket = StorageBucket.fromName(stack, "logs", "logs");
        new DataAccessLogs(stack, "audit", { services: ["storage.googleapis.com"], sinkName: "a b", bucket });
      }),
    ).toBe(`DataAccessLogs at test/audit:
  - services: "storage.googleapis.com" must be a short name such as storage
  - sinkName: "a b" must be letters, digits, hyphens, underscores and periods, at most 100`);
    expect(
      refusal((stack) => {
        const bucket = StorageBucket.fromName(stack, "logs", "logs");
        new DataAccessLogs(stack, "audit", { services: [], sinkName: "a", bucket });
      }),
    ).toContain("services: must not be empty");
  });
});
