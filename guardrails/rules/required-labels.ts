import type { Finding, Rule } from "../rule";
import type { Resource, StackView, Values } from "../synthesis";
import { at, blocksAt } from "../values";

export interface RequiredLabelsProps {
  /** The labels (in AWS, tags) and their values: `{ environment: "prod", managed_by: "terraform" }`. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Bills and searches can be grouped by these labels. The provider's default labels reach most resources. The rule
 * checks the providers, the types that the default labels do not reach, and that no resource has another value.
 */
export function requiredLabels({ labels }: RequiredLabelsProps): Rule {
  return ({ stacks, resources }): Finding[] => {
    const labelled = [...stacks.flatMap(providersOf), ...resources.flatMap(withLabelsOfTheirOwn)];
    const all = [...labelled, ...resources.map(({ path, values }) => ({ path, labels: values.labels }))];
    return [
      ...labelled.flatMap((holder) => missing(holder, labels)),
      ...all.flatMap((holder) => different(holder, labels)),
    ];
  };
}

/** Something that has labels. */
interface Holder {
  readonly path: string;
  readonly labels: unknown;
}

/** Types that the provider's default labels do not reach, and the argument for their labels. */
const own: Readonly<Record<string, string>> = {
  google_monitoring_alert_policy: "user_labels",
  google_monitoring_notification_channel: "user_labels",
  google_sql_database_instance: "settings.user_labels",
};

function providersOf({ name, providers: { google = [], aws = [] } }: StackView): Holder[] {
  return [
    ...google.map((settings) => ({ path: `${name}/google`, labels: at(settings, "default_labels") })),
    ...aws.map((settings) => ({
      path: `${name}/aws`,
      labels: at(blocksAt(settings, "default_tags")[0] ?? {}, "tags"),
    })),
  ];
}

function withLabelsOfTheirOwn({ type, path, values }: Resource): Holder[] {
  const attribute = own[type];
  return attribute === undefined ? [] : [{ path, labels: at(values, attribute) }];
}

function missing({ path, labels }: Holder, required: RequiredLabelsProps["labels"]): Finding[] {
  const names = Object.keys(required).filter((name) => asValues(labels)[name] === undefined);
  if (names.length === 0) return [];
  const settings = names.map((name) => `${name} to ${JSON.stringify(required[name])}`);
  return [{ path, found: `has no label ${names.join(", ")}`, fix: `set ${settings.join(", ")}` }];
}

function different({ path, labels }: Holder, required: RequiredLabelsProps["labels"]): Finding[] {
  return Object.entries(required).flatMap(([name, wanted]) => {
    const value = asValues(labels)[name];
    return value === undefined || value === wanted
      ? []
      : [
          {
            path,
            found: `has the label ${name} = ${JSON.stringify(value)}`,
            fix: `set ${name} to ${JSON.stringify(wanted)}`,
          },
        ];
  });
}

function asValues(labels: unknown): Values {
  return typeof labels === "object" && labels !== null ? { ...labels } : {};
}
