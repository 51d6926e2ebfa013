import type { AccessChange, Loss, Obstacle, ProtectionChange, Report, ResourceReference } from "../../report";
import { actionText, hasManyStacks, lossTitles, plural, referenceText } from "../words";
import type { Detail } from "./markdown";
import { code, details, prose, table } from "./text";

/** What is lost, by class. */
export function lossSection(report: Report, detail: Detail): string {
  const { losses } = report;
  if (losses.length === 0) return "";
  const many = hasManyStacks(report);
  const parts = (["lost", "expires", "forgotten", "outage", "recreated"] as const).flatMap((name) => {
    const rows = losses.filter((loss) => loss.class === name);
    if (rows.length === 0) return [];
    const title = `**${lossTitles[name]}: ${rows.length}**`;
    const asRows = detail.grave === "rows" && (name !== "recreated" || rows.length <= 20);
    if (asRows)
      return [
        `${title}\n\n${table(
          ["Resource", "What happens", "Way back"],
          rows.map((loss) => lossRow(loss, many)),
        )}`,
      ];
    if (detail.grave === "guarded" && name !== "lost") return [`${title}: ${byType(rows)}`];
    return [
      `${title}\n\n${lists(rows, ({ type, action, reason }) => [type, actionText(action), reason.replace(/\d[\d.,]* /, "")].join("; "), many)}`,
    ];
  });
  return `### What is lost\n\n${parts.join("\n\n")}`;
}

function lossRow(loss: Loss, many: boolean): string[] {
  const what = [
    loss.action === "collateral"
      ? `**not in the plan**, goes with ${code(loss.parent ?? "")}`
      : `**${loss.action}**`,
    prose(loss.reason),
    ...(loss.forcedBy.length > 0 ? [`forced by ${loss.forcedBy.map(code).join(", ")}`] : []),
  ];
  return [
    reference(loss, many, loss.path, loss.name),
    what.join("; "),
    loss.wayBack === undefined ? "" : wayBack(loss.wayBack),
  ];
}

/** A command is copied: it stays in one piece. */
function wayBack(text: string): string {
  const at = text.indexOf(": ");
  const command = at === -1 ? "" : text.slice(at + 2);
  return /^(?:gcloud|bq|npm|terraform) /.test(command)
    ? `${prose(text.slice(0, at))}: ${code(command)}`
    : prose(text);
}

function byType(rows: readonly { readonly type: string }[]): string {
  return [...grouped(rows, ({ type }) => type)]
    .map(([type, members]) => `${members.length} ${code(type)}`)
    .join(", ");
}

/** Everything that has something in common in one paragraph, every address named. */
function lists<Row extends ResourceReference>(
  rows: readonly Row[],
  common: (row: Row) => string,
  many: boolean,
): string {
  return [...grouped(rows, common)]
    .map(
      ([text, members]) =>
        `- ${prose(text)} (${members.length}): ${members.map((row) => code(referenceText(row, many))).join(", ")}`,
    )
    .join("\n");
}

/** What stops the apply. */
export function obstacleSection(report: Report, { grave }: Detail): string {
  const { obstacles } = report;
  if (obstacles.length === 0) return "";
  const many = hasManyStacks(report);
  const title = `### Will it apply?`;
  const certain = obstacles.filter(({ certainty }) => certainty === "certain").length;
  const verdict =
    certain > 0
      ? `**No: ${plural(certain, "change")} will be refused${certain < obstacles.length ? `, and ${obstacles.length - certain} may be` : ""}.**`
      : `**Perhaps not: ${plural(obstacles.length, "change")} may be refused.**`;
  const body =
    grave === "rows"
      ? table(
          ["Resource", "What stops it", "What to do"],
          obstacles.map((obstacle) => obstacleRow(obstacle, many)),
        )
      : grave === "lists"
        ? lists(obstacles, ({ reason, certainty }) => `${certainty}: ${reason}`, many)
        : "";
  return [title, verdict, body].filter((part) => part !== "").join("\n\n");
}

function obstacleRow({ reason, progress, remedy, certainty, ...rest }: Obstacle, many: boolean): string[] {
  const stop = progress === undefined ? "" : `; ${prose(progress)}`;
  return [
    reference(rest, many),
    `${certainty === "certain" ? "" : "possibly: "}${prose(reason)}${stop}`,
    remedyText(remedy),
  ];
}

/** A block to write stays in one piece. */
function remedyText(remedy: string): string {
  const at = remedy.indexOf("moved {");
  return at === -1 ? prose(remedy) : `${prose(remedy.slice(0, at).trim())} ${code(remedy.slice(at))}`;
}

/** Who gains or loses access: what is broader in rows, the rest below. */
export function accessSection(report: Report, { grave }: Detail): string {
  const { access } = report;
  if (access.length === 0) return "";
  const many = hasManyStacks(report);
  const broader = access.filter(({ broadening }) => broadening !== undefined);
  const foreign = access.filter(({ broadening, inside }) => broadening === undefined && !inside);
  const own = access.filter(({ broadening, inside }) => broadening === undefined && inside);
  const columns = ["Who", "Before -> after", "On", "Resource"];
  const rows = (list: readonly AccessChange[]) =>
    table(
      columns,
      list.map((change) => accessRow(change, many)),
    );
  const asRows = grave === "rows";
  const parts = [
    ...(broader.length === 0
      ? []
      : [
          `**Broader: ${broader.length}**\n\n${asRows ? rows(broader) : lists(broader, (change) => `${accessText(change)}: ${change.broadening ?? ""}`, many)}`,
        ]),
    ...(foreign.length === 0
      ? []
      : [
          `**Other changes: ${foreign.length}**\n\n${asRows && foreign.length <= 60 ? rows(foreign) : grave === "guarded" ? "" : memberLists(foreign)}`,
        ]),
    ...(own.length === 0
      ? []
      : [
          details(
            `Inside of the platform: ${plural(own.length, "grant")} to its own accounts on its own things`,
            asRows && own.length <= 60 ? rows(own) : memberLists(own),
          ),
        ]),
  ];
  return `### Who gains or loses access\n\n${parts.join("\n\n")}`;
}

function accessRow(change: AccessChange, many: boolean): string[] {
  const sides = [
    change.before === undefined ? "nothing" : code(change.before),
    change.after === undefined ? "nothing" : code(change.after),
  ];
  const notes = [
    ...(change.broadening === undefined ? [] : [`**${prose(change.broadening)}**`]),
    ...(change.authoritative ? ["authoritative: whoever is not listed loses the role"] : []),
    ...(change.inside ? [] : change.broadening === undefined ? ["outside of the platform"] : []),
  ];
  return [
    code(change.who),
    [sides.join(" -> "), ...notes].join("; "),
    code(change.on),
    reference(change, many),
  ];
}

function accessText({ kind, before, after, on, who }: AccessChange): string {
  return `${who} ${kind} ${[before, after].filter((side) => side !== undefined).join(" -> ")} on ${on}`;
}

/** Grants of one role, with whom they are for. */
function memberLists(changes: readonly AccessChange[]): string {
  const groups = grouped(
    changes,
    ({ kind, before, after }) =>
      `${kind} ${[before, after].filter((side) => side !== undefined).join(" -> ")}`,
  );
  return [...groups]
    .map(([text, members]) => {
      const who = [...grouped(members, ({ who: name, on }) => `${name} on ${on}`).keys()];
      return `- ${prose(text)} (${members.length}): ${who.map((one) => code(one.replace(/^serviceAccount:/, ""))).join(", ")}`;
    })
    .join("\n");
}

/** Protections that change, those that are switched off first. */
export function protectionSection(report: Report, { grave }: Detail): string {
  const { protections } = report;
  const weakened = protections.filter(({ kind }) => kind === "weakened");
  const strengthened = protections.filter(({ kind }) => kind === "strengthened");
  if (protections.length === 0) return "";
  const many = hasManyStacks(report);
  const list = (changes: readonly ProtectionChange[]) =>
    grave === "rows"
      ? changes.map((change) => `- ${reference(change, many)}: ${prose(change.what)}`).join("\n")
      : lists(changes, ({ what }) => what, many);
  return [
    "### Protections",
    ...(weakened.length > 0 ? [`**Weaker: ${weakened.length}**\n\n${list(weakened)}`] : []),
    ...(strengthened.length > 0 && grave === "rows"
      ? [`**Stronger: ${strengthened.length}**\n\n${list(strengthened)}`]
      : []),
  ].join("\n\n");
}

/** A resource with its place in the tree of constructs and its name in the cloud. */
export function reference(row: ResourceReference, many: boolean, path?: string, name?: string): string {
  const extra = [...(path === undefined ? [] : [code(path)]), ...(name === undefined ? [] : [code(name)])];
  const stack = many ? `${code(row.stack)} ` : "";
  const deposed = row.deposed === undefined ? "" : ` deposed ${code(row.deposed)}`;
  return `${stack}${code(row.address)}${deposed}${extra.length > 0 ? ` (${extra.join(", ")})` : ""}`;
}

export function grouped<Item>(items: readonly Item[], key: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const at = key(item);
    const group = groups.get(at);
    if (group === undefined) groups.set(at, [item]);
    else group.push(item);
  }
  return groups;
}
