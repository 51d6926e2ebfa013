import { withoutIndex } from "../plan/stack-plan";
import { isDeleted, type Row } from "./rows";

/** Progress of an apply up to the deletion of a resource. */
export interface BeforeDeletion {
  /** Dependents that are deleted first. */
  readonly gone: readonly Row[];
  /** Step in which the resource itself is deleted, starting at 1. */
  readonly step: number;
}

/** The order in which Terraform deletes: dependents before the resources they depend on. */
export class DeletionOrder {
  private readonly dependents = new Map<string, Row[]>();
  private readonly depths = new Map<Row, number>();

  constructor(rows: readonly Row[]) {
    for (const row of rows.filter(isDeleted)) {
      for (const on of row.plan.references.get(withoutIndex(row.address)) ?? []) {
        const key = `${row.stack}/${withoutIndex(on)}`;
        const others = this.dependents.get(key);
        if (others === undefined) this.dependents.set(key, [row]);
        else others.push(row);
      }
    }
  }

  before(row: Row): BeforeDeletion {
    const gone = new Set(this.directly(row));
    // Iterating over a set includes the members that are added meanwhile.
    for (const dependent of gone) for (const one of this.directly(dependent)) gone.add(one);
    gone.delete(row);
    return { gone: [...gone], step: this.depth(row) + 1 };
  }

  /** Longest chain of dependents. */
  private depth(row: Row): number {
    const known = this.depths.get(row);
    if (known !== undefined) return known;
    // Ends a circle, which Terraform does not allow, but a file can contain.
    this.depths.set(row, 0);
    const depth = this.directly(row).reduce((most, one) => Math.max(most, 1 + this.depth(one)), 0);
    this.depths.set(row, depth);
    return depth;
  }

  private directly(row: Row): readonly Row[] {
    return this.dependents.get(`${row.stack}/${withoutIndex(row.address)}`) ?? [];
  }
}

/** "stops at step 3, after 4 grants and 1 table are deleted"; undefined if nothing is deleted before. */
export function progressText({ gone, step }: BeforeDeletion): string | undefined {
  if (gone.length === 0) return undefined;
  const kinds = new Map<string, number>();
  for (const { resource } of gone) {
    const kind = kindOf(resource.type);
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const parts = [...kinds].map(([kind, count]) => `${count} ${kind}${count === 1 ? "" : "s"}`);
  return `stops at step ${step}, after ${joined(parts)} ${gone.length === 1 ? "is" : "are"} deleted`;
}

function kindOf(type: string): string {
  return /_iam_(?:member|binding|policy)$/.test(type) ? "grant" : (type.split("_").at(-1) ?? type);
}

function joined(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1) ?? ""}`;
}
