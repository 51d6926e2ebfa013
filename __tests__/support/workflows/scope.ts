import type { WorkflowValue as Value } from "../../../constructs/workflow-source";
import { raised } from "./errors";
import { limits } from "./limits";
import { isList, isMap } from "./values";

/** The memory that the variables of an execution take. */
export class Memory {
  /** Most bytes at any time so far. */
  peak = 0;
  private used = 0;

  /** @throws Raised a ResourceLimitError when the variables take too much */
  change(bytes: number): void {
    this.used += bytes;
    this.peak = Math.max(this.peak, this.used);
    if (bytes > 0 && this.used > limits.memory)
      throw raised("ResourceLimitError", `the variables take ${this.used} bytes of ${limits.memory}`);
  }
}

/**
 * Variables. An assignment changes the variable of an enclosing scope, or creates one in the innermost. A `for` loop, an
 * `except` block, a branch, and a subworkflow have a scope of their own.
 * https://cloud.google.com/workflows/docs/reference/syntax/variables#variable-scope
 */
export class Scope {
  private readonly values = new Map<string, Value>();

  /** @param writable variables of the parent that a branch may assign. @default - all */
  constructor(
    private readonly memory: Memory,
    private readonly parent?: Scope,
    private readonly writable?: readonly string[],
  ) {}

  /** @throws Error when there is no such variable, which a deployment rejects */
  get(name: string): Value {
    const found = this.values.get(name);
    if (found !== undefined) return found;
    if (this.parent === undefined) throw new Error(`there is no variable ${name}`);
    return this.parent.get(name);
  }

  /** Assigns a variable, in the scope that has it or in this one. */
  set(name: string, value: Value): void {
    if (this.values.has(name) || this.parent?.has(name) !== true) {
      this.create(name, value);
    } else if (this.writable?.includes(name) === false) {
      // https://cloud.google.com/workflows/docs/samples/workflows-parallel-shared-variables: "deployment error, defined
      // in the parent scope but not marked shared".
      throw new Error(`${name} is assigned in parallel but not shared`);
    } else {
      this.parent.set(name, value);
    }
  }

  /** Assigns a variable of this scope, whatever there is in others. */
  create(name: string, value: Value): void {
    const before = this.values.get(name);
    this.values.set(name, value);
    this.memory.change(sizeOf(value) - (before === undefined ? 0 : sizeOf(before)));
  }

  /** Forgets the variables: "the variable is cleared after exiting the loop". */
  release(): void {
    for (const value of this.values.values()) this.memory.change(-sizeOf(value));
    this.values.clear();
  }

  private has(name: string): boolean {
    return this.values.has(name) || this.parent?.has(name) === true;
  }
}

/**
 * Bytes of a value. https://cloud.google.com/workflows/docs/reference/syntax/variables#memory-usage gives the sizes; of
 * null it says nothing.
 */
export function sizeOf(value: Value): number {
  if (typeof value === "string") return 8 + Buffer.byteLength(value);
  if (isList(value)) return value.reduce<number>((sum, item) => sum + sizeOf(item), 8);
  if (isMap(value))
    return Object.entries(value).reduce((sum, [key, item]) => sum + sizeOf(key) + sizeOf(item), 8);
  return 8;
}
