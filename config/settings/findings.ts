import { Cron } from "croner";
import { ConfigurationError } from "../../errors/faults";
import { nearest } from "../../errors/near";
import type { Environment } from "./environment";
import { regions } from "./regions";

/**
 * Values that are valid in form, but with which a deployment would fail or alerts would reach nobody: placeholders, and
 * what the services refuse. One sentence per finding, starting with the field.
 */
export function environmentFindings(environment: Environment): readonly string[] {
  return [
    ...placeholders(environment),
    ...regionFindings(environment),
    ...tierFindings(environment),
    ...cronFindings(environment),
  ];
}

/** Whether the project itself is a placeholder: the environment is an example that was not filled in yet. */
export function isExample({ project }: Environment): boolean {
  return project.id.includes(unset);
}

/**
 * Refuses findings where data is protected. An example that was not filled in yet can be synthesized, to look at it.
 *
 * @param severity the variable PLATFORM_FINDINGS: `warning` for the deployment of a foundation, before there are images, and
 *   for a removal. @default - error
 * @throws ConfigurationError listing the findings, or when the severity is neither error nor warning
 */
export function refuseFindings(
  environment: Environment,
  findings: readonly string[],
  severity = "error",
): void {
  if (severity !== "error" && severity !== "warning")
    throw new ConfigurationError("PLATFORM_FINDINGS", [`"${severity}": must be error or warning`]);
  if (severity === "warning" || findings.length === 0) return;
  if (environment.protectData && !isExample(environment))
    throw new ConfigurationError(`config/${environment.name}.ts`, findings);
}

const unset = "replace-me";
const zeros = `@sha256:${"0".repeat(64)}`;

function placeholders(environment: Environment): string[] {
  return textsIn(environment).flatMap(({ field, text }) => {
    if (text.endsWith(zeros))
      return [`${field}: the digest consists of zeros; build and push an image: npm run image`];
    if (text.includes(unset)) return [`${field}: "${text}" is a placeholder`];
    if (/@(.+\.)?example\.(com|net|org)$/i.test(text))
      return [`${field}: "${text}" is a placeholder: nobody receives mail for this domain`];
    // A project number in config/ as it is delivered.
    if (field === "project.number" && /^10{9,}\d$/.test(text))
      return [`${field}: "${text}" is a placeholder`];
    return /^0{6}-0{6}-0{6}$/.test(text) ? [`${field}: "${text}" is a placeholder`] : [];
  });
}

interface Text {
  readonly field: string;
  readonly text: string;
}

/** All texts of a value with their paths. */
function textsIn(value: unknown, path: readonly string[] = []): Text[] {
  if (typeof value === "string") return [{ field: path.join("."), text: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => textsIn(part, [...path, key]));
}

function regionFindings({ region }: Environment): string[] {
  const known: readonly string[] = regions;
  if (known.includes(region)) return [];
  const near = nearest(region, known);
  return [
    `region: "${region}" is not a region of Google Cloud; ${near === undefined ? "list them: gcloud compute regions list" : `did you mean "${near}"?`}`,
  ];
}

/**
 * Machine types of Cloud SQL for PostgreSQL: https://cloud.google.com/sql/docs/postgres/create-instance#machine-types.
 * Custom types have 1 vCPU or an even number up to 96, at least 3.75 GiB, and 0.9 to 6.5 GiB per vCPU in steps of 256 MiB.
 */
function tierFindings({ database }: Environment): string[] {
  if (database === undefined) return [];
  const { tier } = database;
  const field = "database.tier";
  if (/^db-(f1-micro|g1-small|perf-optimized-N-(2|4|8|16|32|48|64|80|96|128))$/.test(tier)) return [];
  const [, cpu, memory] = /^db-custom-(\d+)-(\d+)$/.exec(tier) ?? [];
  if (cpu === undefined || memory === undefined)
    return [
      `${field}: "${tier}" is not a machine type of Cloud SQL for PostgreSQL; use db-f1-micro, db-g1-small, ` +
        "db-custom-<vCPUs>-<MiB>, or db-perf-optimized-N-<vCPUs>",
    ];
  const [vCpus, mib] = [Number(cpu), Number(memory)];
  if (vCpus < 1 || vCpus > 96 || (vCpus > 1 && vCpus % 2 === 1))
    return [`${field}: "${tier}" has ${vCpus} vCPUs; Cloud SQL accepts 1, or an even number from 2 to 96`];
  const [least, most] = [Math.max(3840, Math.ceil(vCpus * 0.9 * 1024)), vCpus * 6.5 * 1024];
  if (mib % 256 !== 0 || mib < least || mib > most)
    return [
      `${field}: "${tier}" has ${mib} MiB; with ${vCpus} vCPUs, Cloud SQL accepts multiples of 256 from ` +
        `${Math.ceil(least / 256) * 256} to ${Math.floor(most / 256) * 256}`,
    ];
  return [];
}

function cronFindings({ transformation }: Environment): string[] {
  const cron = transformation?.rebuild?.cron;
  return cron === undefined || new Cron(cron, { paused: true }).nextRun() !== null
    ? []
    : [`transformation.rebuild.cron: "${cron}" never occurs`];
}
