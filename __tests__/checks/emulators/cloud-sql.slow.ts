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

describeUnless(missingCloudSql())("Cloud SQL emulator with the official connector", () => {
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

  test("accepts a login with IAM and without a password", async () => {
    const session = start(user);
    expect(await session.logIn()).toEqual({ name: user, answer: 42 });
    expect(sql.logins).toEqual([{ user, database: "postgres", token: "a-token" }]);
    expect(sql.connections()).toBe(1);
    await session.end();
  });

  test("accepts a login with a password, which Postgres checks", async () => {
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

  test("rejects an IAM user that does not exist in Postgres", async () => {
    const session = start("stranger@demo.iam");
    expect(JSON.stringify(await session.logIn())).toMatch(/refused.*IAM.*stranger@demo.iam/);
    await session.end();
  });

  test("closes connections, and accepts new ones", async () => {
    const session = start(user);
    await session.logIn();
    sql.breakConnections();
    expect(await session.next()).toEqual({ broken: "Connection terminated unexpectedly" });
    expect(await session.logIn()).toEqual({ name: user, answer: 42 });
    await session.end();
  });

  test("injects faults into its API, and the connector retries", async () => {
    sql.api.failNext(({ path }) => path.endsWith("/connectSettings"), { status: 503 });
    const session = start(user);
    expect(await session.logIn()).toEqual({ name: user, answer: 42 });
    expect(sql.api.pending()).toBe(0);
    expect(sql.api.asked).toHaveLength(3);
    await session.end();
  });

  test("rejects other instances, requests without a token, and connections without a certificate", async () => {
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
