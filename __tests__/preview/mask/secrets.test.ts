import { createHash } from "node:crypto";
import * as fc from "fast-check";
import type { JsonObject } from "../../../preview/json";
import { previewReport } from "../../../preview/preview";
import { renderAll } from "../support/render-all";
import { create, keep, planJson, remove, reportOf, update, type Entry } from "../support/plan-json";
import type { PreviewInput } from "../../../preview/input";
import { WordIndex } from "../../../preview/mask/word-index";

const secret = "Kq7w-Zx81+very/Secret-44";

/** Checks that no format of the report contains the secret in any form. */
function expectSilent(
  entries: readonly Entry[],
  more: Partial<PreviewInput> = {},
  document: JsonObject = {},
  value = secret,
): string {
  const outputs = renderAll(reportOf(entries, more, document));
  for (const [format, text] of Object.entries(outputs))
    for (const form of [value, encodeURIComponent(value), Buffer.from(value).toString("base64").slice(0, -4)])
      expect([format, text.includes(form)]).toEqual([format, false]);
  return outputs.markdown;
}

describe("no format shows a secret", () => {
  test("with a computed copy that is not flagged", () => {
    const before = { id: "1", input: { t: "old" }, output: { t: "old" } };
    expectSilent([
      update(
        "terraform_data.x",
        before,
        { input: { t: secret }, output: { t: secret } },
        { sensitive: { input: { t: true } } },
      ),
    ]);
  });

  test("whose flag was removed", () => {
    const entry = update("terraform_data.x", { input: secret }, {});
    const change = JSON.parse(Buffer.from(planJson([entry])).toString()) as {
      resource_changes: { change: { before_sensitive: object } }[];
    };
    const [first] = change.resource_changes;
    if (first !== undefined) first.change.before_sensitive = { input: true };
    const report = previewReport({
      plans: [{ stack: "s", content: Buffer.from(JSON.stringify(change)) }],
      truth: "state",
    });
    expect(report.changes[0]?.differences).toEqual([
      expect.objectContaining({ note: "no longer marked as sensitive, value unchanged" }),
    ]);
    for (const text of Object.values(renderAll(report))) expect(text).not.toContain(secret);
  });

  test("of a resource that is sensitive as a whole", () => {
    expectSilent([update("terraform_data.x", { input: "a" }, { input: secret }, { sensitive: true })]);
  });

  test("that is an instance key, and two such keys stay distinct", () => {
    const secrets = [secret, "other-Secret/9931xZ"];
    const markdown = expectSilent(
      secrets.map((key) => create(`module.m[${JSON.stringify(key)}].terraform_data.x`, { input: key })),
      {},
      {
        variables: { keys: { value: secrets } },
        configuration: { root_module: { variables: { keys: { sensitive: true } } } },
      },
    );
    expect(markdown).toContain('module.m["(sensitive)"].terraform_data.x');
    expect(markdown).toContain('module.m["(sensitive 2)"].terraform_data.x');
  });

  test("in a set whose elements moved", () => {
    const item = (value: string) => ({ name: "n", content: value });
    expectSilent([
      update(
        "x_y.z",
        { items: [item("old-Value-1")] },
        { items: [item("new"), item(secret)] },
        { sensitive: { items: [{ content: true }] } },
      ),
    ]);
  });

  test("in environment variables, substitutions and metadata", () => {
    const list = (value: string) => ({
      template: [{ containers: [{ env: [{ name: "WHATEVER", value }] }] }],
    });
    const text = expectSilent([update("google_cloud_run_v2_job.j", list("a"), list(secret))]);
    expect(text).toContain("WHATEVER");
    expectSilent([
      update(
        "google_cloudfunctions2_function.f",
        { service_config: [{ environment_variables: { A: "b" } }] },
        { service_config: [{ environment_variables: { A: secret } }] },
      ),
    ]);
    expectSilent([
      update(
        "google_cloudbuild_trigger.t",
        { substitutions: { _A: "b" } },
        { substitutions: { _A: secret } },
      ),
    ]);
    expectSilent([
      create("google_compute_instance.i", {
        name: "i",
        metadata: { "startup-script": `export A=${secret}` },
      }),
    ]);
  });

  test("in arguments of a command, and in a text of settings", () => {
    const word = "hunter22-correct";
    for (const args of [
      ["--password", word],
      [`--set-env-vars=DB_PASSWORD=${word}`],
      ["-c", `curl -u admin:${word} https://example.com`],
      [`{"client_secret": "${word}"}`],
    ])
      expectSilent([create("x_y.z", { args }), update("x_y.u", { args: ["a"] }, { args })], {}, {}, word);
    expectSilent(
      [update("x_y.z", { url: "https://a" }, { url: `https://a/?x=1&sig=${word}` })],
      {},
      {},
      word,
    );
  });

  test("in a JSON text with an environment, and its copies", () => {
    const word = "hunter22-correct";
    const definition = (value: string) =>
      JSON.stringify([{ name: "web", environment: [{ name: "DB_PASSWORD", value }] }]);
    expectSilent(
      [
        create("aws_ecs_task_definition.t", { container_definitions: definition(word) }),
        update("x_y.z", { v: "a" }, { v: `x ${word}` }),
      ],
      {},
      {},
      word,
    );
  });

  test("by its hashes", () => {
    const holder = create(
      "google_sql_user.u",
      { name: "u", password: secret },
      { sensitive: { password: true } },
    );
    for (const [hash, form] of [
      ["md5", "hex"],
      ["sha256", "base64"],
    ] as const) {
      const value = createHash(hash).update(secret).digest(form);
      expectSilent([holder, update("x_y.z", { content_hash: "a" }, { content_hash: value })], {}, {}, value);
    }
  });

  test("in an attribute with the name of a secret", () => {
    expectSilent([update("google_sql_user.u", { name: "u", password: "old" }, { password: secret })]);
    expectSilent([create("x_y.z", { settings: { clientSecret: secret } })]);
  });

  test("in base64, a URL, JSON or a text with several lines", () => {
    const holder = create(
      "google_sql_user.u",
      { name: "u", password: secret },
      { sensitive: { password: true } },
    );
    const copies = [
      `user:${secret}`,
      Buffer.from(`user:${secret}`).toString("base64"),
      `https://x/?t=${encodeURIComponent(secret)}`,
      JSON.stringify({ nested: JSON.stringify({ t: secret }) }),
      `a: 1\nb: ${secret}\nc: 3`,
    ];
    copies.forEach((copy, at) =>
      expectSilent([holder, update("x_y.z", { text: "before" }, { text: copy, other: at })]),
    );
  });

  test("in outputs, checks, drift, names and errors", () => {
    const holder = create(
      "google_sql_user.u",
      { name: "u", password: secret },
      { sensitive: { password: true } },
    );
    expectSilent(
      [holder, create(`x_y.z`, { name: secret })],
      {},
      {
        output_changes: { shown: { actions: ["create"], before: null, after: secret, after_unknown: false } },
        checks: [
          {
            address: { to_display: "check.c" },
            status: "fail",
            instances: [{ problems: [{ message: `got "${secret}"` }] }],
          },
        ],
        resource_drift: [
          {
            address: "x_y.z",
            mode: "managed",
            type: "x_y",
            change: { actions: ["update"], before: { v: "a" }, after: { v: secret } },
          },
        ],
      },
    );
    const report = previewReport({
      plans: [
        { stack: "a", content: planJson([holder]) },
        { stack: "b", error: `Error: cannot log in with ${secret}` },
      ],
      truth: "state",
    });
    for (const text of Object.values(renderAll(report))) expect(text).not.toContain(secret);
  });

  test("of a variable that the configuration marks as sensitive", () => {
    expectSilent(
      [update("x_y.z", { v: "a" }, { v: `Bearer ${secret}` })],
      {},
      {
        variables: { access: { value: secret } },
        configuration: { root_module: { variables: { access: { sensitive: true } } } },
      },
    );
  });

  test("of a data source in the state", () => {
    expectSilent(
      [update("x_y.z", { v: "a" }, { v: secret })],
      {},
      {
        prior_state: {
          values: {
            root_module: {
              resources: [
                {
                  address: "data.s.v",
                  values: { secret_data: secret },
                  sensitive_values: { secret_data: true },
                },
              ],
            },
          },
        },
      },
    );
  });

  test("of a deleted or unchanged resource", () => {
    expectSilent([
      remove("google_sql_user.u", { name: "u", password: secret }),
      keep("google_sql_user.v", { name: "v", password: secret }),
      update("x_y.z", { v: "a" }, { v: secret }),
    ]);
  });

  test("that is random, at any position", () => {
    const anywhere = fc.tuple(
      fc.string({ minLength: 10, maxLength: 30, unit: "grapheme-ascii" }),
      fc.string({ maxLength: 10 }),
      fc.string({ maxLength: 10 }),
    );
    fc.assert(
      fc.property(anywhere, ([value, before, after]) => {
        const hiddenValue = `S${value}7`;
        const report = reportOf([
          create(
            "google_sql_user.u",
            { name: "u", password: hiddenValue },
            { sensitive: { password: true } },
          ),
          update("x_y.z", { v: "nothing" }, { v: `${before}${hiddenValue}${after}` }),
        ]);
        expect(JSON.stringify(report.changes)).not.toContain(JSON.stringify(hiddenValue).slice(1, -1));
      }),
      { numRuns: 100 },
    );
  });
});

describe("values that are not secret are shown:", () => {
  test("variables of the platform", () => {
    const job = (bucket: string) => ({
      template: [{ containers: [{ env: [{ name: "LAKE_BUCKET", value: bucket }] }] }],
    });
    const [change] = reportOf([
      update("google_cloud_run_v2_job.j", job("prod-lake"), job("prod-data")),
    ]).changes;
    expect(change?.differences).toEqual([
      {
        path: "template.containers.env.LAKE_BUCKET".replace("template.containers.", ""),
        kind: "changed",
        before: "prod-lake",
        after: "prod-data",
      },
    ]);
  });

  test("the reference of a variable to Secret Manager", () => {
    const env = (variable: JsonObject) => ({
      template: [{ containers: [{ env: [{ name: "API_KEY", ...variable }] }] }],
    });
    const from = {
      value: "",
      value_source: [{ secret_key_ref: [{ secret: "api-key", version: "latest" }] }],
    };
    const [change] = reportOf([
      update("google_cloud_run_v2_job.j", env({ value: secret, value_source: [] }), env(from)),
    ]).changes;
    expect(change?.differences[0]?.after).toContain("api-key");
  });

  test("names, roles, regions, image digests, email addresses", () => {
    const values = {
      name: "replace-me-prod-prod-lake",
      role: "roles/storage.objectViewer",
      region: "europe-west6",
      image: `europe-west6-docker.pkg.dev/p/r/i@sha256:${"0123456789abcdef".repeat(4)}`,
      member: "serviceAccount:prod-ingest-2@replace-me-prod.iam.gserviceaccount.com",
      kms_key_name: "projects/p/locations/l/keyRings/r/cryptoKeys/k",
      secret_id: "database-password",
    };
    const [change] = reportOf([create("x_y.z", values)]).changes;
    expect(JSON.stringify(change?.differences)).not.toContain("(sensitive)");
  });

  test("copies of an output that another stack reads, which CDK for Terraform always marks as sensitive", () => {
    const report = reportOf(
      [update("google_storage_bucket.b", { name: "prod-lake", location: "a" }, { location: "b" })],
      {},
      {
        output_changes: {
          "cross-stack-output-x": {
            actions: ["update"],
            before: "a",
            after: "prod-lake",
            before_sensitive: true,
            after_sensitive: true,
          },
        },
      },
    );
    expect(report.changes[0]?.name).toBe("prod-lake");
    expect(report.outputs[0]).toMatchObject({
      after: "(sensitive)",
      note: expect.stringContaining("by default") as string,
    });
  });
});

test("words are found wherever they are in a text", () => {
  // Few different characters, so that words overlap and share their beginnings.
  const word = fc.string({ unit: fc.constantFrom("a", "b", "é"), minLength: 3, maxLength: 40 });
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 8 }),
      fc.string({ unit: "grapheme" }),
      word,
      (words, start, end) => {
        const index = new WordIndex(words);
        expect(index.isIn(start + end)).toBe(words.some((one) => (start + end).includes(one)));
        for (const one of words) expect(index.isIn(start + one + end)).toBe(true);
      },
    ),
  );
});
