/**
 * `npm run init`: fills in an environment by questions or options, removes what is not wanted, and ends with `npm run golden`
 * and a synthesis. Nothing is written before all answers are valid.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, CommanderError, Option } from "commander";
import { type Environment, loadEnvironment, loadEnvironments } from "../../config";
import { environmentNamed } from "../../config/settings/validate";
import { ConfigurationError } from "../../errors/faults";
import { messageOf } from "../../errors/thrown";
import { type Answers, filledIn, filledInText, type Section, sections, without } from "./environment-text";
import {
  checkEmail,
  checkNumber,
  checkOption,
  checkProject,
  checkRegion,
  numberFromGcloud,
  Terminal,
} from "./questions";
import { isExampleSource, removeTaxis } from "./taxis";

interface Options {
  readonly env: string;
  readonly project?: string;
  readonly number?: string;
  readonly region?: string;
  readonly email?: string;
  readonly without: readonly (Section | "taxis")[];
  readonly synth: boolean;
}

const program = new Command("init")
  .description("Fills in an environment in config/, and removes what is not wanted.")
  .option("--env <name>", "environment; a new one is copied from dev", "dev")
  .option("--project <id>", "ID of the Google Cloud project")
  .option("--number <number>", "number of the project (default: asks gcloud, if it is installed)")
  .option("--region <region>", "region of all resources, such as europe-west6")
  .option("--email <address>", "recipient of alerts")
  .addOption(
    new Option("--without <part...>", "parts to remove; taxis are the data sets of the example")
      .choices(["taxis", ...sections])
      .default([]),
  )
  .option("--no-synth", "write the files only")
  .exitOverride()
  .action(init);

void program.parseAsync(process.argv).catch((error: unknown) => {
  // The parser has printed help and usage errors.
  if (!(error instanceof CommanderError)) process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = error instanceof CommanderError ? error.exitCode : 1;
});

async function init(options: Options): Promise<void> {
  checkOption("--project", options.project, checkProject);
  checkOption("--number", options.number, checkNumber);
  checkOption("--region", options.region, checkRegion);
  checkOption("--email", options.email, checkEmail);
  checkOption("--env", options.env, (text) =>
    /^[a-z][a-z0-9]{0,7}$/.test(text) ? undefined : "must be at most 8 lowercase letters and digits",
  );
  const isNew = !existsSync(file(options.env));
  const environment = loadEnvironment(isNew ? "dev" : options.env);
  const { answers, taxis } = await answersOf(options, environment);
  const filled = { ...filledIn(environment, answers), name: options.env };
  environmentNamed(options.env, [filled]);

  const text = filledInText(readFileSync(file(environment.name), "utf8"), environment, answers, options.env);
  writeFileSync(file(options.env), text);
  process.stdout.write(`${file(options.env)}: ${isNew ? "created" : "filled in"}\n`);
  if (taxis) removeExample();
  if (!options.synth) return;
  run("scripts/golden/main.ts", {});
  run("scripts/synth.ts", { PLATFORM_ENV: options.env });
  process.stdout.write(`\nNext: ${nextCommand(options.env)}\n`);
}

function file(environment: string): string {
  return join("config", `${environment}.ts`);
}

async function answersOf(
  { project, number, region, email, without: left }: Options,
  environment: Environment,
): Promise<{ readonly answers: Answers; readonly taxis: boolean }> {
  const unwanted = sections.filter((section) => left.includes(section));
  if (project !== undefined && region !== undefined) {
    const known = number ?? numberFromGcloud(project);
    return {
      answers: {
        project,
        region,
        ...(known && { number: known }),
        ...(email && { email }),
        without: unwanted,
      },
      taxis: left.includes("taxis"),
    };
  }
  if (!process.stdin.isTTY)
    throw new ConfigurationError("npm run init", [
      "there is no terminal to ask on: pass --project and --region, as in npm run init -- --project acme-data --region europe-west6",
    ]);
  const terminal = new Terminal();
  try {
    const id = project ?? (await terminal.ask("Project ID", checkProject));
    const found = number ?? numberFromGcloud(id);
    const answers = {
      project: id,
      number: found ?? (await terminal.ask("Project number", checkNumber, environment.project.number)),
      region: region ?? (await terminal.ask("Region", checkRegion, environment.region)),
      email: email ?? (await terminal.ask("Recipient of alerts", checkEmail, environment.alerts.email)),
    };
    const removed: Section[] = [...unwanted];
    for (const section of ["database", "transfer"] as const)
      if (environment[section] !== undefined && !removed.includes(section))
        if (!(await terminal.confirm(`Keep ${section} (${what[section]})?`, true))) removed.push(section);
    const hasTaxis = existsSync(join("catalog", "yellow_tripdata.ts"));
    const taxis =
      left.includes("taxis") ||
      (hasTaxis && !(await terminal.confirm("Keep the data sets of taxi trips?", true)));
    return { answers: { ...answers, without: removed }, taxis };
  } finally {
    terminal.close();
  }
}

const what = {
  database: "a Postgres server in Cloud SQL",
  transfer: "copies of files in S3",
} as const;

/** Removes the example, and transfers that copy nothing else. */
function removeExample(): void {
  const removed = removeTaxis();
  process.stdout.write(`${removed.map((name) => `${name}: removed`).join("\n")}\n`);
  for (const { name, transfer } of loadEnvironments()) {
    if (transfer === undefined || !Object.keys(transfer.sources).every(isExampleSource)) continue;
    writeFileSync(file(name), without(readFileSync(file(name), "utf8"), ["transfer"]));
    process.stdout.write(`${file(name)}: transfer removed, which copied only these data sets\n`);
  }
}

/** Runs a command of the project as its npm script does. */
function run(entry: string, environment: Readonly<Record<string, string>>): void {
  const { status } = spawnSync(process.execPath, ["scripts/run.mjs", entry], {
    stdio: "inherit",
    env: { ...process.env, ...environment },
  });
  if (status !== 0)
    throw new ConfigurationError("npm run init", [
      `${entry} failed with exit code ${status ?? "none"}; the files are written. Correct the fault, then run npm run golden`,
    ]);
}

function nextCommand(environment: string): string {
  const ownDatasets = readdirSync("catalog").filter((name) => name.endsWith(".ts") && name !== "index.ts");
  return ownDatasets.length === 0
    ? "add a file to catalog/ (README.md, Add a data set), then run npm run golden"
    : `PLATFORM_STATE=local npm run deploy -- --env ${environment} --stack ${environment}-foundation   (docs/deploy.md)`;
}
