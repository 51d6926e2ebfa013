/** A separate process for the test: starts the server of a folder, prints the URL, and stops when its input ends. */
import { startEmbeddedPostgres } from "../../embedded-postgres";

async function main(folder: string): Promise<void> {
  const server = await startEmbeddedPostgres(folder);
  console.log(server.url);
  process.stdin.resume().once("end", () => void server.stop());
}

main(process.argv[2] ?? "").catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
