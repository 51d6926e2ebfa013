import { runArguments } from "../../dataset";
import { main } from "../../job/cli";
import { ingestSubworkflow } from "../../workflows/ingest";

/** Runs the program and returns its exit code and what it wrote. */
async function outcomeOf(args: readonly string[]): Promise<{ code: number; written: string }> {
  const written: string[] = [];
  const keep = (chunk: string | Uint8Array) => {
    written.push(String(chunk));
    return true;
  };
  const streams = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, "write").mockImplementation(keep),
  );
  const code = await main(args).finally(() => {
    for (const stream of streams) stream.mockRestore();
  });
  return { code, written: written.join("") };
}

test("ingest program accepts the arguments that stacks and workflows pass", async () => {
  const { code, written } = await outcomeOf([...runArguments("1066-10"), "--dataset", "yellow_tripdata"]);
  expect(written).toContain("1066-10 is out of range");
  expect(code).toBe(1);
});

test("ingest workflow passes the arguments of the contract", () => {
  const steps = JSON.stringify(ingestSubworkflow({ project: "p", location: "l", name: "j" }));
  expect(steps).toContain(JSON.stringify(runArguments("${period}")));
});
