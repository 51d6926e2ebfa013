import { arrayOf, isObject, type JsonObject, objectOf, textOf } from "../json";
import { withoutIndex } from "../plan/stack-plan";
import { cloudName, isGrant } from "./identity";
import { type Row, valuesOf } from "./rows";

/** Resolves attributes of grants that are known only after the apply to the names of the resources they refer to. */
export class KnownAfter {
  private readonly rows: ReadonlyMap<string, Row>;

  constructor(rows: readonly Row[]) {
    this.rows = new Map(rows.map((row) => [`${row.stack}/${withoutIndex(row.address)}`, row]));
  }

  /** The values after the apply; a reference is resolved to the name of the resource. */
  of(row: Row): JsonObject {
    if (!isGrant(row.resource.type)) return row.after;
    const unknown = objectOf(row.resource.unknown);
    const expressions = row.plan.configured.get(withoutIndex(row.address)) ?? {};
    const filled = Object.entries(unknown).flatMap(([name, shape]) => {
      const referred = shape === true ? this.nameIn(row, expressions[name]) : undefined;
      return referred === undefined ? [] : [[name, referred] as const];
    });
    return filled.length === 0 ? row.after : { ...row.after, ...Object.fromEntries(filled) };
  }

  private nameIn(row: Row, expression: JsonObject[string]): string | undefined {
    if (!isObject(expression)) return undefined;
    const [reference] = arrayOf(expression["references"]);
    const [type, name] = (textOf(reference) ?? "").split(".");
    const target = this.rows.get(`${row.stack}/${type ?? ""}.${name ?? ""}`);
    return target === undefined ? undefined : cloudName(target.resource.type, valuesOf(target));
  }
}
