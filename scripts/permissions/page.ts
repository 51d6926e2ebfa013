import type { Environment } from "../../config";
import type { StackJson } from "../synthesized";
import { customRolesIn, type GrantLine, grantsIn } from "./grants";
import { reasonKey, reasonOf } from "./reasons";

/** The environment of docs/permissions.md: the one with all settings. */
export const documentedEnvironment = "prod";

/**
 * docs/permissions.md: who has which role, where, and why, from the synthesized JSON of an environment.
 *
 * @param composer the stacks of the environment with Composer
 * @param streaming the stacks of the environment with Kafka. @default - they are not on the page
 */
export function permissionsPage(
  environment: Environment,
  stacks: ReadonlyMap<string, StackJson>,
  composer: ReadonlyMap<string, StackJson>,
  streaming: ReadonlyMap<string, StackJson> = stacks,
): string {
  const grants = grantsIn(environment, stacks);
  const usual = new Set(grants.map((line) => JSON.stringify(line)));
  const additional = (others: ReadonlyMap<string, StackJson>) =>
    grouped(grantsIn(environment, others).filter((line) => !usual.has(JSON.stringify(line))));
  const [lines, ofComposer, ofStreaming] = [grouped(grants), additional(composer), additional(streaming)];
  const unexplained = [...lines, ...ofComposer, ...ofStreaming]
    .filter((line) => reasonOf(line) === undefined)
    .map(reasonKey);
  if (unexplained.length > 0)
    throw new Error(`scripts/permissions/reasons.ts has no reason for: ${unexplained.join("; ")}`);
  const roles = customRolesIn(environment, stacks);
  return [
    "# Permissions",
    `All grants of \`${environment.name}\`, from its synthesized JSON. \`npm run golden\` renews this page, and a test ` +
      `compares it. Names are without the prefix \`${environment.name}-\`; identities without a domain are service accounts. ` +
      `The accounts \`ci-plan\` and \`ci-deploy\` read no data. \`ci-deploy\` manages the grants on the lake and the datasets, ` +
      `so it could give itself access: each of its deployments is reviewed. All data sets are ingested as \`ingest\`: IAM ` +
      `limits where it writes, and the program, which derives each name from the id of the data set, keeps data sets apart.`,
    grantTable(lines),
    "## With Composer",
    'With `orchestrator: "composer"`, these are added, and those of the schedules of data sets are not used. Composer ' +
      "requires `roles/composer.worker` on the project: with it, Airflow reads and writes all buckets, so whoever writes " +
      "DAGs can do so.",
    grantTable(ofComposer),
    ...(ofStreaming.length === 0
      ? []
      : [
          "## With streaming",
          "With `streaming`, these are added: of the project, and in the access control lists of Kafka.",
          grantTable(ofStreaming),
        ]),
    "## Custom roles",
    table(
      ["role", "permissions"],
      roles.map(({ name, permissions }) => [code(name), permissions.map(code).join(", ")]),
    ),
    "",
  ]
    .join("\n\n")
    .replace(/\n\n$/, "\n");
}

function grantTable(lines: readonly GroupedLine[]): string {
  return table(
    ["who", "what", "where", "why"],
    lines.map((line) => [
      line.who,
      code(line.what),
      line.only === undefined ? line.where : `${line.where}: ${line.only}`,
      reasonOf(line) ?? "",
    ]),
  );
}

type GroupedLine = Omit<GrantLine, "where"> & { readonly where: string };

/** One line for what an identity has in several places. */
function grouped(lines: readonly GrantLine[]): GroupedLine[] {
  const groups = new Map<string, GrantLine[]>();
  for (const line of lines) {
    const key = `${keyOf(line)} ${line.only ?? ""}`;
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  return [...groups.values()].flatMap((same) => {
    const [first] = same;
    return first === undefined ? [] : [{ ...first, where: places(same.map(({ where }) => where)) }];
  });
}

/** `buckets lake, state` for `bucket lake` and `bucket state`. */
function places(wheres: readonly string[]): string {
  const [first = "", ...others] = wheres;
  const kind = /^(.+) \S+$/.exec(first)?.[1];
  if (others.length === 0 || kind === undefined) return wheres.join(", ");
  return `${kind}s ${wheres.map((where) => where.slice(kind.length + 1)).join(", ")}`;
}

function keyOf({ who, what }: Pick<GrantLine, "who" | "what">): string {
  return `${who} ${what}`;
}

function code(text: string): string {
  return `\`${text}\``;
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(columns), line(columns.map(() => "---")), ...rows.map(line)].join("\n");
}
