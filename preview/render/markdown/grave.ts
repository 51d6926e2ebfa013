import { keyOf } from "../../judge/rows";
import type { Report } from "../../report";
import type { AccessChange, Loss, Obstacle, ProtectionChange } from "../../report/assessment";
import type { ResourceReference } from "../../report/changes";
import { actionText, hasManyStacks, lossTitles, plural, referenceText } from "../words";
import type { Detail } from "./detail";
import { code, details, prose, table } from "./text";

/** Effects on data, by class. */
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
          ["Resource", "What happens", "Recovery"],
          rows.map((loss) => lossRow(loss, many)),
        )}`,
      ];
    if (detail.grave === "guarded" && name !== "lost") return [`${title}: ${byType(rows)}`];
    return [
      `${title}\n\n${lists(name === "lost" ? rows : rows.map(withoutType), ({ type, action, reason }) => [type, actionText(action), reason.replace(/\d[\d.,]* /, "")].join("; "), many)}`,
    ];
  });
  return `### What is lost\n\n${parts.join("\n\n")}`;
}

function lossRow(loss: Loss, many: boolean): string[] {
  const what = [
    loss.action === "collateral" ? "**not in the plan**" : `**${loss.action}**`,
    prose(loss.reason),
    ...(loss.forcedBy.length > 0 ? [`forced by ${loss.forcedBy.map(code).join(", ")}`] : []),
  ];
  return [
    reference(loss, many, loss.path, loss.name),
    what.join("; "),
    loss.wayBack === undefined ? "" : wayBack(loss.wayBack),
  ];
}

/** Keeps a command in one code span, so that it can be copied. */
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

/** Removes the type from an address if the type is shown elsewhere. */
function withoutType<Row extends ResourceReference & { readonly type: string }>(row: Row): Row {
  return row.address.startsWith(`${row.type}.`)
    ? { ...row, address: row.address.slice(row.type.length + 1) }
    : row;
}

/** One item per common text, with the addresses of all its rows. */
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

/** Reasons why the apply will or may fail. */
export function obstacleSection(report: Report, { grave }: Detail): string {
  const { obstacles } = report;
  if (obstacles.length === 0) return "";
  const many = hasManyStacks(report);
  const title = `### Will it apply?`;
  const certain = obstacles.filter(({ certainty }) => certainty === "certain").length;
  const verdict =
    certain > 0
      ? `**No: ${plural(certain, "change")} will fail${certain < obstacles.length ? `, and ${obstacles.length - certain} may fail` : ""}.**`
      : `**Possibly not: ${plural(obstacles.length, "change")} may fail.**`;
  const body =
    grave === "rows"
      ? table(
          ["Resource", "Problem", "Solution"],
          obstacles.map((obstacle) => obstacleRow(obstacle, many)),
        )
      : grave === "lists"
        ? obstacleLists(report, many)
        : "";
  return [title, verdict, body].filter((part) => part !== "").join("\n\n");
}

/** Counts obstacles of the resources that the previous section names, and names the others. */
function obstacleLists({ obstacles, losses }: Report, many: boolean): string {
  const named = new Set(losses.map(keyOf));
  const counted = grouped(
    obstacles.filter((one) => named.has(keyOf(one))),
    ({ reason, certainty }) => `${certainty}: ${reason.replace(/the name \S+ /, "the name ")}`,
  );
  const lines = [...counted].map(([text, members]) => `- ${prose(text)} (${members.length} of the above)`);
  const others = obstacles.filter((one) => !named.has(keyOf(one)));
  const rest = lists(others, ({ reason, certainty }) => `${certainty}: ${reason}`, many);
  return [...lines, ...(rest === "" ? [] : [rest])].join("\n");
}

function obstacleRow({ reason, progress, remedy, certainty, ...rest }: Obstacle, many: boolean): string[] {
  const stop = progress === undefined ? "" : `; ${prose(progress)}`;
  return [
    reference(rest, many),
    `${certainty === "certain" ? "" : "may fail: "}${prose(reason)}${stop}`,
    remedyText(remedy),
  ];
}

/** Keeps a block in one code span, so that it can be copied. */
function remedyText(remedy: string): string {
  const at = remedy.indexOf("moved {");
  return at === -1 ? prose(remedy) : `${prose(remedy.slice(0, at).trim())} ${code(remedy.slice(at))}`;
}

/** Who gains or loses access: broader access first. */
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
          `**Broader access: ${broader.length}**\n\n${asRows ? rows(broader) : lists(broader, (change) => `${accessText(change)}: ${change.broadening ?? ""}`, many)}`,
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
            `Inside the platform: ${plural(own.length, "grant")} to its own identities on its own resources`,
            asRows && own.length <= 60 ? rows(own) : memberLists(own),
          ),
        ]),
  ];
  return `### Who gains or loses access\n\n${parts.join("\n\n")}`;
}

function accessRow(change: AccessChange, many: boolean): string[] {
  const sides = [
    change.before === undefined ? "none" : code(change.before),
    change.after === undefined ? "none" : code(change.after),
  ];
  const notes = [
    ...(change.broadening === undefined ? [] : [`**${prose(change.broadening)}**`]),
    ...(change.authoritative ? ["authoritative: identities that are not listed lose the role"] : []),
    ...(change.inside ? [] : change.broadening === undefined ? ["outside the platform"] : []),
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

/** One item per role and resource, with all identities. */
function memberLists(changes: readonly AccessChange[]): string {
  const groups = grouped(
    changes,
    ({ kind, before, after, on }) =>
      `${kind} ${[before, after].filter((side) => side !== undefined).join(" -> ")} on ${on}`,
  );
  return [...groups]
    .map(([text, members]) => {
      const who = [...grouped(members, ({ who: name }) => name).keys()];
      return `- ${prose(text)} (${members.length}): ${who.map((one) => code(one.replace(/^serviceAccount:/, ""))).join(", ")}`;
    })
    .join("\n");
}

/** Changed protections, weakened ones first. */
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
    ...(weakened.length > 0 ? [`**Weakened: ${weakened.length}**\n\n${list(weakened)}`] : []),
    ...(strengthened.length > 0 && grave === "rows"
      ? [`**Strengthened: ${strengthened.length}**\n\n${list(strengthened)}`]
      : []),
  ].join("\n\n");
}

/** A resource with its construct path and its name in the cloud. */
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
