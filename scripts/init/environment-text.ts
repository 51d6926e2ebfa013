import type { Environment } from "../../config";

/** Parts of an environment that can be left out. */
export const sections = ["database", "transfer", "transformation", "readers", "ci", "budget"] as const;
export type Section = (typeof sections)[number];

/** What `npm run init` fills in. */
export interface Answers {
  readonly project: string;
  /** @default - as it is */
  readonly number?: string;
  readonly region: string;
  /** @default - as it is */
  readonly email?: string;
  readonly without: readonly Section[];
}

/** The environment with the answers, to validate it before anything is written. */
export function filledIn(
  environment: Environment,
  { project, number, region, email, without }: Answers,
): Environment {
  const others = Object.entries(environment).filter(([key]) => !without.some((section) => section === key));
  return {
    ...environment,
    ...Object.fromEntries(without.map((section) => [section, undefined])),
    ...Object.fromEntries(others),
    project: { id: project, number: number ?? environment.project.number },
    region,
    alerts: { email: email ?? environment.alerts.email },
  };
}

/**
 * The text of an environment's file with the answers. Comments and all other values stay as they are.
 *
 * @param name name of the environment, if it is another one than that of the file
 */
export function filledInText(
  text: string,
  environment: Environment,
  answers: Answers,
  name = environment.name,
): string {
  const { project, number = environment.project.number, region, email } = answers;
  const from = environment.name;
  return without(text, answers.without)
    .replaceAll(`/${environment.project.id}/${from}-images/`, `/${project}/${name}-images/`)
    .replaceAll(environment.project.id, project)
    .replace(`"${environment.project.number}"`, JSON.stringify(number))
    .replaceAll(environment.region, region)
    .replace(`"${environment.alerts.email}"`, JSON.stringify(email ?? environment.alerts.email))
    .replace(`name: "${from}"`, `name: "${name}"`)
    .replace(`const ${from}: Environment`, `const ${name}: Environment`)
    .replace(`export default ${from};`, `export default ${name};`);
}

/** The text without some sections, and the comments above them. */
export function without(text: string, left: readonly Section[]): string {
  return left.reduce(
    (rest, section) =>
      rest.replace(new RegExp(`^(  //.*\\n)*  ${section}: \\{(.*\\},\\n|[^]*?\\n  \\},\\n)`, "m"), ""),
    text,
  );
}
