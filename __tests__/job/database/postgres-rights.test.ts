import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serverAt } from "../../../job/database/connection";
import { startEmbeddedPostgres } from "../../../embedded-postgres";
import { PostgresDatabase } from "../../../job/database/postgres";
import { postgres } from "../integration/support";

test("a database user without the CREATE privilege gets the GRANT statement for the owner", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tributary-rights-"));
  const server = await startEmbeddedPostgres(join(folder, "postgres"));
  try {
    await postgres(server.url, `CREATE ROLE "ingest@p.iam" LOGIN PASSWORD 'secret'`);
    const url = new URL(server.url);
    url.username = "ingest%40p.iam";
    url.password = "secret";
    const asIngest = serverAt(url.href);
    await expect(PostgresDatabase.connect(asIngest)).rejects.toMatchObject({
      kind: "permanent",
      message: expect.stringMatching(
        /^database postgres:\/\/\S+: the user is not allowed to create schemas; run as the owner: GRANT CREATE ON DATABASE \w+ TO "ingest@p.iam"$/,
      ) as string,
    });
    await postgres(server.url, `GRANT CREATE ON DATABASE ${url.pathname.slice(1)} TO "ingest@p.iam"`);
    await (await PostgresDatabase.connect(asIngest)).close();
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
