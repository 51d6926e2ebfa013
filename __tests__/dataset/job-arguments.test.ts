import { runArguments } from "../../dataset";
import { main } from "../../job/cli";
import { roundSubworkflow } from "../../workflows/round";

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

test.each([
  [{ periods: "1066-10" }, "1066-10"],
  [{ periods: "2019-01,1066-11" }, "1066-11"],
  [{ from: "1066-10", to: "2019-01" }, "1066-10"],
])("ingest program accepts the arguments that workflows pass: %j", async (periods, refused) => {
  const { code, written } = await outcomeOf(runArguments("yellow_tripdata", periods));
  expect(written).toContain(`${refused} is out of range`);
  expect(code).toBe(1);
});

test("pipeline workflow passes the arguments of the contract", () => {
  const steps = JSON.stringify(roundSubworkflow(1));
  for (const periods of [
    { periods: "${first}" },
    { periods: "${labels}" },
    { from: "${first}", to: "${last}" },
  ])
    expect(steps).toContain(JSON.stringify(runArguments("${dataset}", periods)));
});
