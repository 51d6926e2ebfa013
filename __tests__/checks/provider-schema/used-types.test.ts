import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { usedTypes } from "../../../checks/provider-schema/used-types";

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "used-types-"));
  mkdirSync(join(project, "constructs", "inner"), { recursive: true });
});
afterEach(() => {
  rmSync(project, { recursive: true });
});

function resource(provider: string, name: string, declaration: string): void {
  const folder = join(project, "node_modules/@cdktf", `provider-${provider}`, "lib", name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "index.d.ts"), declaration);
}

test("usedTypes reads the types of imported resources, by provider, each once", () => {
  resource("google", "storage-bucket", 'static readonly tfResourceType = "google_storage_bucket";');
  resource("aws", "sqs-queue", 'static readonly tfResourceType = "aws_sqs_queue";');
  writeFileSync(
    join(project, "constructs/lake.ts"),
    [
      'import { GoogleProvider } from "@cdktf/provider-google/lib/provider";',
      'import { DataGoogleProject } from "@cdktf/provider-google/lib/data-google-project";',
      'import { StorageBucket } from "@cdktf/provider-google/lib/storage-bucket";',
    ].join("\n"),
  );
  writeFileSync(
    join(project, "constructs/inner/queue.ts"),
    [
      'import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";',
      'import { StorageBucket } from "@cdktf/provider-google/lib/storage-bucket";',
    ].join("\n"),
  );
  expect(usedTypes(project, ["constructs"])).toEqual(
    new Map([
      ["google", ["google_storage_bucket"]],
      ["aws", ["aws_sqs_queue"]],
    ]),
  );
});

test("usedTypes fails for a module that declares no type", () => {
  resource("google", "storage-bucket", "export {};");
  writeFileSync(
    join(project, "constructs/lake.ts"),
    'import { StorageBucket } from "@cdktf/provider-google/lib/storage-bucket";',
  );
  expect(() => usedTypes(project, ["constructs"])).toThrow(
    /storage-bucket\/index\.d\.ts declares no resource type$/,
  );
});
