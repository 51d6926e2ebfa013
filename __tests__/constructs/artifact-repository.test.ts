import { ArtifactRepository, type ArtifactRepositoryProps } from "../../constructs/artifact-repository";
import { KmsKey } from "../../constructs/kms-key";
import { GoogleGroup } from "../../constructs/service-identity";
import { resources, stackOf } from "../support/stack";
import { location, member, only, reader, refusal } from "./support";

const type = "google_artifact_registry_repository";
const base = { name: "images", location, description: "d" };
const repository = (props: Partial<ArtifactRepositoryProps> = {}) =>
  only(type, (stack) => new ArtifactRepository(stack, "images", { ...base, ...props }));

describe("ArtifactRepository", () => {
  test("has immutable tags, and a clean-up of images without a tag", () => {
    expect(repository()).toEqual({
      repository_id: "images",
      location,
      description: "d",
      format: "DOCKER",
      mode: "STANDARD_REPOSITORY",
      docker_config: { immutable_tags: true },
      cleanup_policy_dry_run: false,
      cleanup_policies: [
        {
          id: "delete-untagged",
          action: "DELETE",
          condition: { tag_state: "UNTAGGED", older_than: "2592000s" },
        },
        { id: "keep-recent", action: "KEEP", most_recent_versions: { keep_count: 10 } },
      ],
    });
  });

  test("accepts how much is kept, a dry run, labels and a key", () => {
    const name = "projects/p/locations/l/keyRings/r/cryptoKeys/k";
    const found = only(type, (stack) => {
      const kmsKey = KmsKey.fromName(stack, "key", name);
      const kept = { untaggedDays: 1, keepVersions: 3, cleanupDryRun: true, labels: { a: "b" } };
      new ArtifactRepository(stack, "images", { ...base, ...kept, kmsKey });
    });
    expect(found).toMatchObject({
      cleanup_policy_dry_run: true,
      cleanup_policies: [
        { condition: { older_than: "86400s" } },
        { most_recent_versions: { keep_count: 3 } },
      ],
      labels: { a: "b" },
      kms_key_name: name,
    });
  });

  test("grants pull and push, new or imported", () => {
    const json = stackOf((stack) => {
      new ArtifactRepository(stack, "images", base).grantPull(reader(stack));
      ArtifactRepository.fromName(stack, "theirs", "theirs", "europe").grantPush(
        new GoogleGroup(stack, "team", "team@example.com"),
      );
    });
    expect(resources(json, "google_artifact_registry_repository_iam_member")).toMatchObject([
      { role: "roles/artifactregistry.reader", member },
      { role: "roles/artifactregistry.writer", repository: "theirs", location: "europe" },
    ]);
    expect(resources(json, type)).toHaveLength(1);
  });

  test("rejects invalid names and numbers", () => {
    expect(refusal(() => repository({ name: "Images", untaggedDays: 0, keepVersions: 0.5 }))).toBe(
      `ArtifactRepository at test/images:
  - name: "Images" must be 1 to 63 lowercase letters, digits and hyphens, starting with a letter
  - untaggedDays: 0 must be an integer of at least 1
  - keepVersions: 0.5 must be an integer of at least 1`,
    );
  });
});
