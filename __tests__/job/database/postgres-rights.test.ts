import { join } from "node:path";
import { serverAt } from "../../../job/database/connection";
import { startEmbeddedPostgres } from "../../../embedded-postgres";
import { PostgresDatabase } from "../../../job/database/postgres";
import { cleanUp, newHome, postgres } from "../integration/support";

afterAll(cleanUp);

test("a database user without the CREATE privilege gets the GRANT statement for the owner", async () => {
  const server = await startEmbeddedPostgres(join(newHome(), "postgres"));
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
  }
});
