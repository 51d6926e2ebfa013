import { join } from "node:path";
import type { Period } from "../dataset";

/** Paths in the folder of a laptop's lake, warehouse and database. */
export class Home {
  constructor(readonly folder: string) {}

  get lake(): string {
    return join(this.folder, "lake");
  }

  get warehouse(): string {
    return join(this.folder, "warehouse.duckdb");
  }

  get database(): string {
    return join(this.folder, "postgres");
  }

  /** Folder for the artifacts and the documentation of the transformation. */
  get transform(): string {
    return join(this.folder, "transform");
  }

  /** Folder of the Kafka broker. */
  get broker(): string {
    return join(this.folder, "kafka");
  }

  /** Folder for temporary files; empty between runs. */
  get scratch(): string {
    return join(this.folder, "scratch");
  }

  scratchOf(dataset: string, period: Period): string {
    return join(this.scratch, dataset, period.label);
  }
}
