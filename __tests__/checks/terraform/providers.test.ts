import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mirrored, provider, closestVersion } from "../../../checks/terraform/providers";
import type { Terraform } from "../../../terraform/terraform";

const need = { source: "hashicorp/google", version: "6.50.0" };
const platform = "linux_amd64";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "providers-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A Terraform whose `init` exits with a code. If it succeeds, it creates the folder of the provider. */
function ending(exitCode: number, stderr = "") {
  const asked: string[][] = [];
  const terraform: Terraform = {
    version: "1.11.4",
    platform,
    run(args, where) {
      asked.push([...args]);
      const folderOfProvider = join(
        where.folder,
        ".terraform/providers/registry.terraform.io",
        need.source,
        "6.50.0",
        platform,
      );
      if (exitCode === 0) mkdirSync(folderOfProvider, { recursive: true });
      return Promise.resolve({ exitCode, stdout: Buffer.of(), stderr });
    },
  };
  return { terraform, asked };
}

test("provider is downloaded once and then taken from the cache", async () => {
  const { terraform, asked } = ending(0);
  const where = { terraform, cache: folder, mirror: undefined };
  const first = await provider(need, where);
  expect(first).toMatchObject({ kind: "there", version: "6.50.0" });
  expect(await provider(need, where)).toEqual(first);
  expect(asked).toHaveLength(1);
});

test("provider is missing, with the cause in one line, if the registry cannot be reached", async () => {
  const stderr =
    "\nError: Failed to query available provider packages\n\nCould not retrieve the list of\nversions: no such host\n\nTo see which\n";
  const { terraform } = ending(1, stderr);
  expect(await provider(need, { terraform, cache: folder, mirror: undefined })).toEqual({
    kind: "missing",
    reason:
      "hashicorp/google 6.50.0: Failed to query available provider packages: Could not retrieve the list of versions: no such host",
  });
});

test("provider is unknown if the version does not exist in the registry", async () => {
  const stderr = "Error: Failed\n\nno available releases\nmatch the given constraints 6.50.0\n";
  const { terraform } = ending(1, stderr);
  const got = await provider(need, { terraform, cache: folder, mirror: undefined });
  expect(got.kind).toBe("unknown");
});

test("provider is taken from the mirror, in its newest version if the mirror has only others", async () => {
  const google = join(folder, "mirror/registry.terraform.io/hashicorp/google");
  mkdirSync(join(google, "6.9.0", platform), { recursive: true });
  mkdirSync(join(google, "6.60.0", "darwin_arm64"), { recursive: true });
  writeFileSync(join(google, `terraform-provider-google_6.10.0_${platform}.zip`), "");
  const mirror = join(folder, "mirror");
  expect(mirrored(mirror, need.source, platform).sort()).toEqual(["6.10.0", "6.9.0"]);

  const { terraform, asked } = ending(0);
  const got = await provider(need, { terraform, cache: join(folder, "cache"), mirror });
  expect(got).toMatchObject({ kind: "there", version: "6.10.0" });
  expect(asked[0]).toContain(`-plugin-dir=${mirror}`);
});

test("closestVersion prefers the version itself to a newer one", () => {
  expect(closestVersion("6.50.0", ["6.49.0", "6.50.0", "7.0.0"])).toBe("6.50.0");
  expect(closestVersion("6.25.0", ["5.9.0", "5.100.0"])).toBe("5.100.0");
});
