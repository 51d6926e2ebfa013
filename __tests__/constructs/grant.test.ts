import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import fc from "fast-check";
import * as z from "zod/mini";
import { ArtifactRepository } from "../../constructs/artifact-repository";
import { CloudRunJob } from "../../constructs/cloud-run-job";
import { Grant, grantId } from "../../constructs/grant";
import { KmsKey } from "../../constructs/kms-key";
import { NativeTable } from "../../constructs/native-table";
import { PostgresInstance } from "../../constructs/postgres-instance";
import { Secret } from "../../constructs/secret";
import {
  GoogleGroup,
  GoogleUser,
  type ServiceAccountIdentity,
  ServiceIdentity,
} from "../../constructs/service-identity";
import { StorageBucket } from "../../constructs/storage-bucket";
import { WarehouseDataset } from "../../constructs/warehouse-dataset";
import { resources, stackOf } from "../support/stack";
import { image, location, member, reader, like, withApp } from "./support";

const type = "google_storage_bucket_iam_member";
const lake = (stack: TerraformStack) => StorageBucket.fromName(stack, "lake", "my-lake");

/** Every grant method, on a new or imported resource. */
const methods: Record<string, (stack: TerraformStack) => (identity: ServiceAccountIdentity) => Grant> = {
  "ArtifactRepository.grantPull": (stack) => {
    const images = ArtifactRepository.fromName(stack, "images", "images", location);
    return (identity) => images.grantPull(identity);
  },
  "ArtifactRepository.grantPush": (stack) => {
    const images = new ArtifactRepository(stack, "images", { name: "images", location, description: "d" });
    return (identity) => images.grantPush(identity);
  },
  "CloudRunJob.grantRun": (stack) => {
    const identity = ServiceIdentity.fromEmail(stack, "job-account", "job@p.iam.gserviceaccount.com");
    const job = new CloudRunJob(stack, "job", { name: "ingest", location, image, identity });
    return (other) => job.grantRun(other);
  },
  "CloudRunJob.grantRunWithArguments": (stack) => {
    const job = CloudRunJob.fromName(stack, "job", "ingest", location);
    return (identity) => job.grantRunWithArguments(identity);
  },
  "KmsKey.grantEncryptDecrypt": (stack) => {
    const key = KmsKey.fromName(stack, "key", "projects/p/locations/l/keyRings/r/cryptoKeys/k");
    return (identity) => key.grantEncryptDecrypt(identity);
  },
  "NativeTable.grantRead": (stack) => {
    const dataset = WarehouseDataset.fromName(stack, "raw", "raw");
    const columns = [{ name: "id", type: "INTEGER" }] as const;
    const table = new NativeTable(stack, "trips", { dataset, name: "trips", columns });
    return (identity) => table.grantRead(identity);
  },
  "PostgresInstance.grantConnect": (stack) => {
    const instance = PostgresInstance.fromConnectionName(stack, "db", "p:r:db");
    return (identity) => instance.grantConnect(identity);
  },
  "Secret.grantRead": (stack) => {
    const secret = new Secret(stack, "token", { name: "token", location });
    return (identity) => secret.grantRead(identity);
  },
  "ServiceIdentity.grantActAs": (stack) => {
    const account = new ServiceIdentity(stack, "ingest", { name: "my-ingest", description: "d" });
    return (identity) => account.grantActAs(identity);
  },
  "ServiceIdentity.grantOnProject": () => (identity) => identity.grantOnProject("roles/bigquery.jobUser"),
  "StorageBucket.grantRead": (stack) => {
    const bucket = new StorageBucket(stack, "lake", { name: "my-lake", location });
    return (identity) => bucket.grantRead(identity, "raw/");
  },
  "StorageBucket.grantTransferSink": (stack) => {
    const bucket = lake(stack);
    return (identity) => bucket.grantTransferSink(identity);
  },
  "WarehouseDataset.grantWrite": (stack) => {
    const dataset = new WarehouseDataset(stack, "raw", { name: "raw", location, description: "d" });
    return (identity) => dataset.grantWrite(identity);
  },
};

describe.each(Object.entries(methods))("%s", (_, method) => {
  const grantedTo = (...identities: ((stack: TerraformStack) => ServiceAccountIdentity)[]) =>
    stackOf((stack) => {
      const grant = method(stack);
      for (const identity of identities) grant(identity(stack));
    });
  const again = (stack: TerraformStack) =>
    ServiceIdentity.fromEmail(
      new Construct(stack, "elsewhere"),
      "reader",
      "Reader@p.iam.gserviceaccount.com",
    );

  test("twice for one identity exists once, also when the identity is imported twice", () => {
    let identity: ServiceAccountIdentity | undefined;
    const same = (stack: TerraformStack) => (identity ??= reader(stack));
    const once = grantedTo(reader);
    expect(grantedTo(same, same)).toEqual(once);
    expect(grantedTo(reader, again)).toEqual(once);
  });

  test("for two identities of the same id in two scopes are two grants", () => {
    const other = (stack: TerraformStack) =>
      ServiceIdentity.fromEmail(
        new Construct(stack, "elsewhere"),
        "reader",
        "other@p.iam.gserviceaccount.com",
      );
    const count = (json: ReturnType<typeof grantedTo>) =>
      Object.keys(json.resource)
        .filter((name) => /_iam_member$|google_sql_user/.test(name))
        .flatMap((name) => Object.keys(json.resource[name] ?? {})).length;
    expect(count(grantedTo(reader, other))).toBe(2 * count(grantedTo(reader)));
  });

  test("returns the resources that grant access, the first time and the second", () => {
    stackOf((stack) => {
      const grant = method(stack);
      const identity = reader(stack);
      const first = grant(identity);
      expect(first.resources.length).toBeGreaterThan(0);
      expect(grant(identity).resources).toEqual(first.resources);
    });
  });
});

describe("any sequence of grants", () => {
  const roles = ["roles/storage.objectViewer", "roles/storage.objectUser"] as const;
  const emails = ["a@p.iam.gserviceaccount.com", "b@p.iam.gserviceaccount.com"] as const;
  const request = fc.record({
    bucket: fc.constantFrom("one", "other"),
    email: fc.constantFrom(...emails),
    role: fc.constantFrom(...roles),
    condition: fc.constantFrom(undefined, { title: "t", expression: "a" }, { title: "t", expression: "b" }),
  });

  test("creates each once, with every bucket and identity imported anew under the same id", () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 12 }), (requests) => {
        const json = stackOf((stack) => {
          for (const [index, { bucket, email, role, condition }] of requests.entries()) {
            const scope = new Construct(stack, `scope-${index}`);
            const identity = ServiceIdentity.fromEmail(scope, "reader", email);
            const known = stack.node.tryFindChild(bucket);
            const target = known instanceof Known ? known.bucket : new Known(stack, bucket).bucket;
            target.grant(identity, role, condition);
          }
        });
        const texts = (values: unknown[]) => values.map((value) => JSON.stringify(value)).sort();
        const wanted = requests.map(({ bucket, email, role, condition }) => ({
          bucket,
          ...(condition && { condition: { expression: condition.expression, title: condition.title } }),
          member: `serviceAccount:${email}`,
          role,
        }));
        expect(texts(resources(json, type))).toEqual([...new Set(texts(wanted))]);
      }),
      { numRuns: 40 },
    );
  });
});

/** A bucket that is imported once. */
class Known extends Construct {
  readonly bucket = StorageBucket.fromName(this, "bucket", this.node.id);
}

describe("Grant", () => {
  test("of another role, another condition or another target is another grant", () => {
    const json = stackOf((stack) => {
      const [identity, bucket] = [reader(stack), lake(stack)];
      bucket.grantRead(identity);
      bucket.grantRead(identity, "raw/");
      bucket.grantRead(identity, "raw/");
      bucket.grantRead(identity, "Raw/");
      bucket.grantWrite(identity);
      bucket.grantTransferSink(identity);
      StorageBucket.fromName(stack, "other", "other").grantRead(identity);
      StorageBucket.fromName(stack, "lake-again", "my-lake").grantRead(identity);
    });
    const granted = resources(json, type).map((found) => JSON.stringify(found));
    expect(new Set(granted).size).toBe(granted.length);
    expect(granted).toHaveLength(6);
  });

  test("keeps its id when a second one would have the same; the second gets a hash", () => {
    const addresses = (build: (stack: TerraformStack) => void) =>
      Object.keys(stackOf(build).resource[type] ?? {});
    const [alone = ""] = addresses((stack) => lake(stack).grantRead(reader(stack)));
    const twice = (stack: TerraformStack) => {
      const [identity, bucket] = [reader(stack), lake(stack)];
      bucket.grantRead(identity);
      bucket.grantRead(identity, "raw/");
    };
    const both = addresses(twice);
    expect(both).toHaveLength(2);
    expect(both).toContain(alone);
    expect(both.filter((id) => id !== alone)).toEqual([
      like(/^lake_storage-object-viewer-reader-[0-9a-f]{8}_/),
    ]);
    expect(addresses(twice)).toEqual(both);
  });

  test("on a service account of the stack is told from others by its reference", () => {
    const json = stackOf((stack) => {
      const bucket = lake(stack);
      for (const scope of ["one", "two"]) {
        const props = { name: `my-${scope}-ingest`, description: "d" };
        const identity = new ServiceIdentity(new Construct(stack, scope), "ingest", props);
        bucket.grantRead(identity);
        bucket.grantRead(identity);
      }
    });
    expect(resources(json, type)).toMatchObject([
      { member: like(/two_ingest/) },
      { member: like(/one_ingest/) },
    ]);
  });

  test("is told apart by the stack that creates the account, whose address may be the same", () => {
    withApp((app) => {
      const accounts = ["one", "other"].map((id) => {
        const stack = new TerraformStack(app, id);
        return new ServiceIdentity(stack, "ingest", { name: `${id}-ingest`, description: "d" });
      });
      const stack = new TerraformStack(app, "lake");
      const bucket = lake(stack);
      for (const account of [...accounts, ...accounts]) bucket.grantRead(account);
      stack.prepareStack();
      expect(membersIn(stack)).toEqual([
        like(/^\$\{data\.terraform_remote_state\.\S*one\.outputs\.\S+\}$/),
        like(/^\$\{data\.terraform_remote_state\.\S*other\.outputs\.\S+\}$/),
      ]);
    });
  });

  test("is taken by groups and users as by service accounts", () => {
    const json = stackOf((stack) => {
      for (const identity of [
        reader(stack),
        new GoogleGroup(stack, "team", "team@example.com"),
        new GoogleUser(stack, "ada", "ada@example.com"),
      ]) {
        identity.grantOnProject("roles/bigquery.jobUser");
      }
    });
    const granted = { project: "p", role: "roles/bigquery.jobUser" };
    expect(resources(json, "google_project_iam_member")).toEqual([
      { ...granted, member: "user:ada@example.com" },
      { ...granted, member },
      { ...granted, member: "group:team@example.com" },
    ]);
  });

  test("of one stack does not count in another", () => {
    const paths = withApp((app) =>
      ["a", "b"].map((id) => {
        const stack = new TerraformStack(app, id);
        return lake(stack).grantRead(reader(stack)).resources[0]?.node.path;
      }),
    );
    expect(paths).toEqual(["a/lake/storage-object-viewer-reader", "b/lake/storage-object-viewer-reader"]);
  });

  test("combines several into one", () => {
    stackOf((stack) => {
      const [identity, bucket] = [reader(stack), lake(stack)];
      const [read, write] = [bucket.grantRead(identity), bucket.grantWrite(identity)];
      expect(Grant.all(read, write).resources).toEqual([...read.resources, ...write.resources]);
    });
  });
});

describe("grantId", () => {
  test.each([
    ["roles/bigquery.jobUser", "bigquery-job-user"],
    ["roles/storage.objectViewer", "storage-object-viewer"],
    ["projects/p/roles/deploy", "deploy"],
  ])("of %s is %s", (role, id) => {
    expect(grantId(role)).toBe(id);
  });
});

/** The members of the grants on buckets in a stack. */
function membersIn(stack: TerraformStack): string[] {
  const members = z.object({
    resource: z.object({ [type]: z.record(z.string(), z.object({ member: z.string() })) }),
  });
  const { resource } = members.parse(stack.toTerraform());
  return Object.values(resource[type]).map(({ member }) => member);
}
