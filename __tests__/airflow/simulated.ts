import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as z from "zod/mini";
import { dagCatalogToJson, type Pipeline, type PipelineFacts } from "../../dataset";
import type { WorkflowValue } from "../../constructs/workflow-source";
import { Raised } from "../support/workflows/errors";
import { isMap } from "../support/workflows/values";
import type { Cloud } from "../workflows/support";

/** A request, and after how many seconds it was sent. */
export type Call = readonly [seconds: number, method: string, url: string, body: WorkflowValue];

/** Why the tasks of a DAG cannot run here, or undefined. They need Python, but not Airflow. */
export function missingPython3(): string | undefined {
  const ask = "import sys, zoneinfo; sys.exit(sys.version_info < (3, 11))";
  const found = spawnSync("python3", ["-c", ask]).status === 0;
  return found
    ? undefined
    : "python3 is not Python 3.11 or later; install it from https://www.python.org/downloads";
}

const message = z.union([
  z.object({ result: z.record(z.string(), z.unknown()) }),
  z.object({ sleep: z.number() }),
  z.object({ method: z.enum(["get", "post"]), url: z.string(), body: z.json() }),
]);

/** The pipelines of the DAGs in simulated clouds, one after the other, in one process of Python. */
export class SimulatedDags {
  private readonly python: ChildProcessWithoutNullStreams;
  private readonly lines: AsyncIterator<string>;
  private errors = "";

  constructor(private readonly pipeline: Pipeline) {
    this.python = spawn("python3", [join(__dirname, "simulate.py")]);
    this.python.stderr.on("data", (chunk: Buffer) => (this.errors += String(chunk)));
    this.lines = createInterface({ input: this.python.stdout })[Symbol.asyncIterator]();
  }

  /** Runs the pipeline of a data set in a cloud. Returns its requests, and the result. */
  async run(
    facts: PipelineFacts,
    args: Readonly<Record<string, string>>,
    world: Cloud,
  ): Promise<{ readonly calls: readonly Call[]; readonly result: Readonly<Record<string, unknown>> }> {
    const start = world.now;
    const calls: Call[] = [];
    const dataset = { id: "trips", description: "Trips.", schedule: null, pipeline: facts };
    const json = dagCatalogToJson({
      place: { kind: "cloud", ...this.pipeline },
      catchUp: false,
      datasets: [dataset],
    });
    const moment = new Date(start * 1000).toISOString();
    this.say({ catalog: JSON.parse(json) as unknown, dataset, args, moment });
    for (;;) {
      const line = await this.lines.next();
      if (line.done === true) throw new Error(`Python ended: ${this.errors}`);
      const said = message.parse(JSON.parse(line.value));
      if ("result" in said) return { calls, result: said.result };
      if ("sleep" in said) {
        world.now += said.sleep;
        continue;
      }
      const { method, url, body } = said;
      calls.push([world.now - start, method, url, body]);
      this.say(answer(() => world.http(method, url, body, undefined)));
    }
  }

  end(): void {
    this.python.stdin.end();
  }

  private say(value: unknown): void {
    this.python.stdin.write(`${JSON.stringify(value)}\n`);
  }
}

function answer(request: () => WorkflowValue): object {
  try {
    return { body: request() };
  } catch (error) {
    if (!(error instanceof Raised) || !isMap(error.value)) throw error;
    const { code, message: text, tags } = error.value;
    const connected = !JSON.stringify(tags).includes("ConnectionFailedError");
    return { error: { message: text, ...(typeof code === "number" && { code }), sent: connected } };
  }
}
