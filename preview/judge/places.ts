import type { Source } from "../input";
import { withoutIndex } from "../plan/stack-plan";
import type { ResourceReference } from "../report/changes";
import type { SynthesizedApp } from "../synth/app";

/** Construct paths and source locations of resources. */
export class Places {
  private readonly paths = new Map<string, string>();
  private readonly sources = new Map<string, readonly string[]>();

  /** @param apps base before head: if both contain a resource, head takes precedence */
  constructor(apps: readonly (SynthesizedApp | undefined)[], sources: readonly Source[]) {
    for (const app of apps)
      for (const { name, resources } of app?.stacks ?? [])
        for (const { address, path, source } of resources) {
          if (path !== undefined) this.paths.set(`${name}/${address}`, path);
          if (source.length > 0) this.sources.set(`${name}/${address}`, source);
        }
    for (const { stack, address, frames } of sources) this.sources.set(`${stack}/${address}`, frames);
  }

  of({ stack, address }: ResourceReference): {
    readonly path: string | undefined;
    readonly source: readonly string[];
  } {
    const key = `${stack}/${withoutIndex(address)}`;
    return { path: this.paths.get(key), source: this.sources.get(key) ?? [] };
  }
}
