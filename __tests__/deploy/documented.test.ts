import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FakeProject } from "./support/project";

const project = join(__dirname, "../..");
const folders = [".", "docs", ".github/workflows", "config", "constructs", "stacks"];
const pages = folders
  .flatMap((folder) => readdirSync(join(project, folder)).map((name) => join(folder, name)))
  .filter((path) => /\.(md|yml|ts)$/.test(path))
  .map((path) => ({ path, text: readFileSync(join(project, path), "utf8").replaceAll("\\\n", " ") }));

test("every documented command of the cdktf CLI that changes something runs one stack at a time", () => {
  const commands = pages.flatMap(({ path, text }) =>
    [...text.matchAll(/\bcdktf (deploy|destroy)\b[^`\n]*/g)].map(([command]) => ({ path, command })),
  );
  expect(commands.length).toBeGreaterThan(0);
  expect(commands.filter(({ command }) => !/--parallelism 1\b/.test(command))).toEqual([]);
});

/** The stacks of an environment, as stacks/index.ts orders them; dev has no transfer. */
function stacksOf(environment: "dev" | "prod"): Record<string, string[]> {
  const stacks: Record<string, string[]> = {
    foundation: [],
    network: ["foundation"],
    lake: ["foundation"],
    warehouse: ["lake"],
    database: ["network", "lake"],
    ingestion: ["network", "lake", "warehouse", "database"],
    orchestration: ["ingestion"],
  };
  if (environment === "prod") {
    stacks.transfer = ["lake"];
    stacks.orchestration = ["ingestion", "transfer"];
  }
  const named = (name: string) => `${environment}-${name}`;
  return Object.fromEntries(
    Object.entries(stacks).map(([name, dependencies]) => [named(name), dependencies.map(named)]),
  );
}

const airflowPage = "docs/orchestration.md";

/** `npm run deploy -- ...` in code blocks and in sentences. */
const commandsOf = (of: (path: string) => boolean) =>
  pages
    .filter(({ path }) => path.endsWith(".md") && of(path))
    .flatMap(({ text }) => [...text.matchAll(/npm run (deploy|destroy) -- ([^`\n#]*)/g)])
    .map(([, action = "", options = ""]) => ({ action, options: options.trim().split(/\s+/) }))
    // `npm run destroy -- --stack <stack>` is a pattern, not a command.
    .filter(({ options }) => !options.some((option) => option.includes("<")));
// docs/guardrails.md quotes messages, whose commands are parts of sentences.
const documented = commandsOf((path) => path !== "docs/guardrails.md" && path !== airflowPage);

test("the guide has commands for both environments", () => {
  const words = documented.map(({ action, options }) => `${action} ${options.slice(0, 2).join(" ")}`);
  expect(new Set(words)).toEqual(new Set(["deploy --env dev", "deploy --env prod", "destroy --env dev"]));
});

test("every documented command runs, in the order of the guide, and ends with nothing left", async () => {
  const platforms = { dev: new FakeProject(stacksOf("dev")), prod: new FakeProject(stacksOf("prod")) };
  try {
    for (const { action, options } of documented) {
      const platform = options[1] === "prod" ? platforms.prod : platforms.dev;
      const { exitCode, output } = await platform.run(action, ...options, "--auto-approve");
      expect({ command: [action, ...options].join(" "), exitCode, output }).toMatchObject({ exitCode: 0 });
    }
    expect(platforms.dev.existing()).toEqual([]);
  } finally {
    platforms.dev.remove();
    platforms.prod.remove();
  }
}, 60_000);

test("Airflow is deployed, and its stack is destroyed again, as its page says", async () => {
  const composer = ["dev-network", "dev-ingestion"];
  const project = new FakeProject({ ...stacksOf("dev"), "dev-composer": composer });
  try {
    const commands = commandsOf((path) => path === airflowPage);
    expect(commands.map(({ action }) => action)).toEqual(["deploy", "deploy", "destroy"]);
    for (const { action, options } of commands) {
      const { exitCode, output } = await project.run(action, ...options, "--auto-approve");
      expect([options.join(" "), exitCode, exitCode === 0 ? "" : output]).toEqual([options.join(" "), 0, ""]);
    }
    expect(project.existing().sort()).toEqual(Object.keys(stacksOf("dev")).sort());
  } finally {
    project.remove();
  }
}, 60_000);
