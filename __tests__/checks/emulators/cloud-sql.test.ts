import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { connect } from "node:tls";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "../../../embedded-postgres";
import { cleanUp, newFolder, onCleanUp, postgres, project } from "../../job/integration/support";
import { type CloudSql, missingCloudSql, startCloudSql } from "../../support/cloud/cloud-sql";
import { describeUnless } from "../../support/unless";

const name = "demo:europe-west1:main";
const user = "ingest@demo.iam";

describeUnless(missingCloudSql())("the stand-in of Cloud SQL, through the official connector", () => {
  let server: EmbeddedPostgres;
  let sql: CloudSql;

  beforeAll(async () => {
    server = await startEmbeddedPostgres(newFolder());
    await postgres(server.url, `CREATE ROLE "${user}" LOGIN`);
  });
  afterAll(async () => {
    await server.stop();
    await cleanUp();
  });
  beforeEach(async () => {
    sql = await startCloudSql(server.url, name);
  });
  afterEach(async () => {
    await sql.stop();
  });

  test("lets in with IAM who has no password, as that user", async () => {
    const session = start(user);
    expect(await session.logIn()).toEqual({ name: user, answer: 42 });
    expect(sql.logins).toEqual([{ user, database: "postgres", token: "a-token" }]);
    expect(sql.connections()).toBe(1);
    await session.end();
  });

  test("lets in with a password, which Postgres itself checks", async () => {
    const { username, password } = new URL(server.url);
    const session = start(username, password);
    expect(await session.logIn()).toEqual({ name: username, answer: 42 });
    expect(sql.logins).toEqual([{ user: username, database: "postgres", token: undefined }]);
    const guess = start(username, "guess");
    expect(await guess.logIn()).toMatchObject({
      refused: `password authentication failed for user "${username}"`,
    });
    await Promise.all([session.end(), guess.end()]);
  });

  test("refuses an IAM user that Postgres does not know", async () => {
    const session = start("stranger@demo.iam");
    expect(JSON.stringify(await session.logIn())).toMatch(/refused.*IAM.*stranger@demo.iam/);
    await session.end();
  });

  test("breaks connections, and lets in again", async () => {
    const session = start(user);
    await session.logIn();
    sql.breakConnections();
    expect(await session.next()).toEqual({ broken: "Connection terminated unexpectedly" });
    expect(await session.logIn()).toEqual({ name: user, answer: 42 });
    await session.end();
  });

  test("its API fails when told to, and the connector asks again", async () => {
    sql.api.failNext(({ path }) => path.endsWith("/connectSettings"), { status: 503 });
    const session = start(user);
    expect(await session.logIn()).toEqual({ name: user, answer: 42 });
    expect(sql.api.pending()).toBe(0);
    expect(sql.api.asked).toHaveLength(3);
    await session.end();
  });

  test("knows no other instance, nobody without a token, and no connection without a certificate", async () => {
    const headers = { authorization: "Bearer x" };
    const settings = `${sql.api.url}/sql/v1beta4/projects/demo/instances/main/connectSettings`;
    expect((await fetch(settings)).status).toBe(401);
    expect((await fetch(settings.replace("main", "other"), { headers })).status).toBe(404);
    const stranger = connect({ host: sql.ipAddress, port: 3307, rejectUnauthorized: false });
    const error = await new Promise<Error>((resolve) => stranger.once("error", resolve));
    expect(error.message).toMatch(/certificate required/);
    expect(sql.logins).toEqual([]);
  });

  function start(...login: string[]) {
    const args = [
      "scripts/run.mjs",
      "__tests__/checks/emulators/cloud-sql.child.ts",
      sql.api.url,
      name,
      ...login,
    ];
    const child = spawn(process.execPath, args, { cwd: project, stdio: ["pipe", "pipe", "inherit"] });
    onCleanUp(() => child.kill("SIGKILL"));
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const next = async (): Promise<unknown> => JSON.parse(String((await lines.next()).value));
    return {
      next,
      logIn: () => {
        child.stdin.write("\n");
        return next();
      },
      end: () => ended(child),
    };
  }
});

async function ended(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await once(child, "close");
}
