import { isArray, isObject, type Json, ownMember } from "../json";
import { elements, type Flags, flagsAt } from "../mask/flags";
import { hidden, type Masks } from "../mask/masks";
import { isCarrier, isSecretName, judgedKey } from "../mask/secret-names";
import type { Difference } from "../report/changes";
import { columnsIn, describeColumn, describedParts, pairedColumns } from "./columns";
import { describe, shortened } from "./describe";
import { equal, isEmpty } from "./equal";
import { differingLines, differingPart } from "./lines";
import { pairs } from "./pair";
import { structureIn } from "./structure";
import { describeVariable, isSameVariable, setPart, type Variable, variableOf } from "./variables";
import { without } from "./without";

/** Both sides of a value. */
export interface Sides {
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  /** True, or true for a member, if the value is known after the apply. */
  readonly unknown: Json | undefined;
  readonly flags: Flags;
}

/** Collects the differences in meaning between two values. */
export class Comparison {
  readonly differences: Difference[] = [];
  /** Number of differences without meaning, such as the order of a set. */
  folded = 0;

  constructor(private readonly masks: Masks) {}

  /** @param key name of the attribute with the value */
  compare(path: string, key: string, sides: Sides): void {
    const { before, after, unknown, flags } = sides;
    if (unknown === true) {
      this.add(path, key, before, undefined, flags, "known after apply");
      return;
    }
    const open = isObject(unknown) || isArray(unknown);
    if (!open && equal(before, after)) return;
    if (flags === true || (isSecretName(key) && isScalar(before) && isScalar(after)))
      this.addHidden(path, before, after, "sensitive");
    else if (isArray(before ?? after) && isArray(after ?? before)) this.list(path, key, sides);
    else if (isObject(before ?? after) && isObject(after ?? before)) this.members(path, key, sides);
    else if (typeof before === "string" && typeof after === "string")
      this.text(path, key, before, after, flags);
    else this.add(path, key, before, after, flags);
  }

  private list(path: string, key: string, { before, after, unknown, flags }: Sides): void {
    const old = isArray(before) ? before : [];
    const fresh = isArray(after) ? after : [];
    const columns = [columnsIn(old), columnsIn(fresh)];
    if (
      columns.some((list) => list !== undefined) &&
      columns.every((list, at) => list !== undefined || [old, fresh][at]?.length === 0)
    ) {
      this.columns(path, old, fresh, flags);
      return;
    }
    const shapes = isArray(unknown) ? unknown : [];
    // An unknown element is null in `after`.
    const open = shapes.findIndex((shape) => shape === true);
    // The elements of a set have no position: the one at this place may be kept.
    const replaced = fresh.some((item) => equal(item, old[open])) ? undefined : old[open];
    if (open !== -1)
      this.add(`${path}[${open}]`, key, replaced, undefined, flagsAt(flags, elements), "known after apply");
    const found = this.differences.length;
    for (const pair of pairs(old, open === -1 ? fresh : fresh.filter((_, at) => shapes[at] !== true))) {
      const inner = shapes[fresh.indexOf(pair.after ?? null)];
      this.element(path, key, pair, flagsAt(flags, elements), isObject(inner) ? inner : undefined);
    }
    if (found === this.differences.length && open === -1 && !equal(old, fresh)) this.reordered(path, key);
  }

  private element(
    path: string,
    key: string,
    pair: { label: string; before: Json | undefined; after: Json | undefined },
    flags: Flags,
    unknown: Json | undefined,
  ): void {
    const { label, before, after } = pair;
    if (unknown === undefined && equal(before, after)) return;
    const at =
      label === ""
        ? path
        : /^\d+$|^-$/.test(label)
          ? `${path}[${label.replace("-", "")}]`
          : `${path}.${label}`;
    if (isCarrier(key)) this.variable(at, label, variableOf(before), variableOf(after), flags);
    else if (label !== "" && (before === undefined || after === undefined))
      this.add(at, key, before, after, flags);
    else this.compare(at, key, { before, after, unknown, flags });
  }

  private members(path: string, key: string, { before, after, unknown, flags }: Sides): void {
    const old = isObject(before) ? before : {};
    const fresh = isObject(after) ? after : {};
    const shape = isObject(unknown) ? unknown : {};
    for (const member of new Set([...Object.keys(old), ...Object.keys(fresh), ...Object.keys(shape)])) {
      const at = path === "" ? member : `${path}.${member}`;
      const inner = {
        before: ownMember(old, member),
        after: ownMember(fresh, member),
        unknown: ownMember(shape, member),
        flags: flagsAt(flags, member),
      };
      if (isCarrier(key) && isScalar(inner.before) && isScalar(inner.after) && inner.unknown !== true)
        this.variable(at, member, { value: inner.before }, { value: inner.after }, inner.flags);
      else this.compare(at, judgedKey(member, { ...old, ...fresh }), inner);
    }
  }

  /** Shows the value of a variable only if it is known not to be secret; a reference to a secret is always shown. */
  private variable(path: string, name: string, before: Variable, after: Variable, flags: Flags): void {
    if (isSameVariable(before, after)) return;
    const plain = this.masks.isPlain(name) && flags !== true;
    if (plain && isEmpty(before.source) && isEmpty(after.source)) {
      this.compare(path, "", { before: before.value, after: after.value, unknown: undefined, flags });
      return;
    }
    this.push({
      path,
      kind: kindOf(setPart(before), setPart(after)),
      before: describeVariable(before, this.masks),
      after: describeVariable(after, this.masks),
      note: "value not shown",
    });
  }

  private columns(path: string, before: readonly Json[], after: readonly Json[], flags: Flags): void {
    const { pairs: columns, isReordered } = pairedColumns(before, after);
    for (const { name, before: old, after: fresh } of columns) {
      const at = `${path}.${name}`;
      const [is, becomes] = [old && describeColumn(old), fresh && describeColumn(fresh)];
      if (is !== becomes)
        this.push({
          path: at,
          kind: old === undefined ? "added" : fresh === undefined ? "removed" : "changed",
          before: is && this.masks.value(is),
          after: becomes && this.masks.value(becomes),
          note: "column",
        });
      if (old !== undefined && fresh !== undefined)
        this.compare(at, "", {
          before: without(old, describedParts),
          after: without(fresh, describedParts),
          unknown: undefined,
          flags: flagsAt(flags, elements),
        });
    }
    if (isReordered) this.reordered(path, "schema");
  }

  private text(path: string, key: string, before: string, after: string, flags: Flags): void {
    const [old, fresh] = [structureIn(before), structureIn(after)];
    if (old !== undefined && fresh !== undefined) {
      if (equal(old, fresh)) this.folded += 1;
      else this.compare(path, key, { before: old, after: fresh, unknown: undefined, flags });
    } else if (isCarrier(key)) this.addHidden(path, before, after, "value not shown");
    else if (before.includes("\n") || after.includes("\n"))
      this.push({ path, kind: kindOf(before, after), lines: differingLines(before, after, this.masks) });
    else {
      const [is, becomes] =
        this.masks.hides(before) || this.masks.hides(after) ? [before, after] : differingPart(before, after);
      this.add(path, key, is, becomes, flags);
    }
  }

  private reordered(path: string, key: string): void {
    if (ordered.has(key)) this.push({ path, kind: "changed", note: "order only" });
    else this.folded += 1;
  }

  private addHidden(path: string, before: Json | undefined, after: Json | undefined, note: string): void {
    this.push({
      path,
      kind: kindOf(before, after),
      before: isEmpty(before) ? undefined : hidden,
      after: isEmpty(after) ? undefined : hidden,
      note,
    });
  }

  private add(
    path: string,
    key: string,
    before: Json | undefined,
    after: Json | undefined,
    flags: Flags,
    note?: string,
  ): void {
    const shown = (value: Json | undefined) =>
      isEmpty(value) ? undefined : describe(value, key, flags, this.masks);
    const kind = note === undefined ? kindOf(before, after) : isEmpty(before) ? "added" : "changed";
    this.push({
      path,
      kind,
      before: shown(before),
      after: shown(after),
      ...(note !== undefined && { note }),
    });
  }

  private push(difference: Difference): void {
    this.differences.push({ ...difference, path: shortened(this.masks.value(difference.path)) });
  }
}

/** Lists whose order is significant. */
const ordered = new Set([
  "clustering",
  "cluster",
  "args",
  "command",
  "entrypoint",
  "schema",
  "steps",
  "paths",
  "columns",
  "nameservers",
]);

function kindOf(before: Json | undefined, after: Json | undefined): Difference["kind"] {
  return isEmpty(before) ? "added" : isEmpty(after) ? "removed" : "changed";
}

function isScalar(value: Json | undefined): boolean {
  return value === undefined || value === null || typeof value !== "object";
}
