import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { CloudClients } from "../../../job/cloud/clients";
import { Failure } from "../../../job/failure";
import { fetchSource } from "../../../job/source/fetch-source";
import { get } from "../../../job/source/http-request";
import { locate } from "../../../job/source/location";
import { s3Server, s3Url, wholeChecksum } from "../../../job/source/s3-server";
import type { Background } from "../../support/cloud/background";
import { startFront, type Front } from "../../support/cloud/front";
import { missingMoto, startMoto } from "../../support/cloud/moto";
import { describeUnless } from "../../support/unless";
import { cleanUp, newFolder } from "./support";

const keys = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "s3cret/key" };
const before = { ...process.env };

beforeEach(() => {
  process.env = {
    ...before,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
  };
});
afterEach(async () => {
  process.env = before;
  await cleanUp();
});

describe("s3Url", () => {
  const amazon = { region: "eu-central-2" };
  test.each([
    ["trips", "2019/01.csv", amazon, "https://trips.s3.eu-central-2.amazonaws.com/2019/01.csv"],
    ["trips.example.com", "x.csv", amazon, "https://s3.eu-central-2.amazonaws.com/trips.example.com/x.csv"],
    [
      "trips",
      "a b/ü%(1)'.csv",
      amazon,
      "https://trips.s3.eu-central-2.amazonaws.com/a%20b/%C3%BC%25%281%29%27.csv",
    ],
    ["trips", "x.csv", { region: "cn-north-1" }, "https://trips.s3.cn-north-1.amazonaws.com.cn/x.csv"],
    [
      "trips",
      "x.csv",
      { ...amazon, endpoint: "http://127.0.0.1:9000/" },
      "http://127.0.0.1:9000/trips/x.csv",
    ],
  ])("returns the URL of %s/%s", (bucket, name, settings, url) => {
    expect(s3Url({ bucket, name }, settings)).toBe(url);
  });

  test("throws for a name that a URL cannot contain", () => {
    expect(() => s3Url({ bucket: "trips", name: "a/../b" }, amazon)).toThrow(/"\." or "\.\." segment/);
  });
});

describe("wholeChecksum", () => {
  const from = (headers: Readonly<Record<string, string>>) =>
    wholeChecksum({ header: (name) => headers[name] });
  const md5 = { server: "AmazonS3", etag: '"9a0364b9e99bb480dd25e1f0284c8555"' };
  test.each([
    [{ "x-amz-checksum-crc64nvme": "AAAA", "x-amz-checksum-type": "FULL_OBJECT" }, "crc64nvme:AAAA"],
    [{ "x-amz-checksum-sha256": "AAAA" }, "sha256:AAAA"],
    [{ "x-amz-checksum-crc32": "AAAA-3" }, undefined],
    [{ "x-amz-checksum-crc32": "AAAA", "x-amz-checksum-type": "COMPOSITE" }, undefined],
    [md5, "md5:mgNkuembtIDdJeHwKEyFVQ=="],
    [{ ...md5, server: "Other" }, undefined],
    [{ ...md5, etag: '"9a0364b9e99bb480dd25e1f0284c8555-2"' }, undefined],
    [{ ...md5, "x-amz-server-side-encryption": "aws:kms" }, undefined],
  ])("reads the checksum from %j", (headers, expected) => {
    expect(from(headers)).toBe(expected);
  });
});

test("a source in S3 without credentials fails with the required variables", async () => {
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"])
    Reflect.deleteProperty(process.env, name);
  const nowhere = join(newFolder(), "none");
  Object.assign(process.env, {
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_SHARED_CREDENTIALS_FILE: nowhere,
    AWS_CONFIG_FILE: nowhere,
  });
  const failure = await failureOf(fetch("s3://trips/x.csv"));
  expect(failure).toMatchObject({ kind: "permanent" });
  expect(failure.message).toMatch(
    /^s3:\/\/trips\/x\.csv cannot be read: the scheme s3 requires AWS_ACCESS_KEY_ID/,
  );
});

function fetch(address: string, folder = newFolder(), held?: object) {
  return fetchSource({
    location: locate(address),
    format: { format: "csv", compression: "none" },
    cloud: new CloudClients(),
    file: join(folder, "source.csv"),
    held: held === undefined ? undefined : { url: address, bytes: 0, sha256: "", rows: 0, ...held },
    onProgress: () => undefined,
  });
}

async function failureOf(attempt: Promise<unknown>): Promise<Failure> {
  const error: unknown = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Failure)) throw new Error(`not a Failure: ${String(error)}`);
  return error;
}

describeUnless(missingMoto())("a store that speaks S3", () => {
  const content = Buffer.from(`id,v\n${"1,a\n".repeat(50_000)}`);
  const key = "a b/ü%(1).csv";
  const address = `s3://trips/${key}`;
  let moto: Background;
  let front: Front;

  beforeAll(async () => {
    moto = await startMoto();
  });
  afterAll(() => moto.stop());
  beforeEach(async () => {
    front = await startFront(moto.announced);
    process.env["AWS_ENDPOINT_URL"] = front.url;
    await put("", Buffer.alloc(0));
    await put(`/${encodeURIComponent(key).replace("%2F", "/")}`, content);
  });
  afterEach(() => front.stop());

  /** Uploads an object with a checksum. */
  async function put(path: string, body: Buffer): Promise<void> {
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    const answer = await globalThis.fetch(`${moto.announced}/trips${path}`, {
      method: "PUT",
      body: new Uint8Array(body),
      headers: {
        authorization: "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/s3/aws4_request",
        "x-amz-checksum-crc32": sum.toString("base64"),
        "x-amz-sdk-checksum-algorithm": "CRC32",
      },
    });
    if (!answer.ok) throw new Error(await answer.text());
  }

  const media = ({ method, path }: { method: string; path: string }) =>
    method === "GET" && path.includes("csv");

  test("downloads an object with signed requests, and not again while it has not changed", async () => {
    const folder = newFolder();
    const fetched = await fetch(address, folder);
    const etag = `"${createHash("md5").update(content).digest("hex")}"`;
    expect(fetched).toEqual({ version: expect.objectContaining({ etag }) as unknown, pieced: false });
    expect(readFileSync(join(folder, "source.csv")).equals(content)).toBe(true);
    expect(front.asked[0]?.headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/us-east-1\/s3\/aws4_request, SignedHeaders=\S*host;\S*, Signature=[0-9a-f]{64}$/,
    );
    expect(JSON.stringify(front.asked)).not.toContain(keys.secretAccessKey);
    expect(await fetch(address, newFolder(), { etag })).toBe("unchanged");
  });

  test("resumes an interrupted download of the same version", async () => {
    const folder = newFolder();
    front.failNext(media, "cut");
    await fetch(address, folder);
    expect(readFileSync(join(folder, "source.csv")).equals(content)).toBe(true);
    expect(front.asked[1]?.headers).toMatchObject({
      range: expect.stringMatching(/^bytes=\d+-$/) as string,
      "if-match": expect.stringMatching(/^"[0-9a-f]{32}"$/) as string,
    });
  });

  test("restarts the download of an object that has changed", async () => {
    const folder = newFolder();
    const part = { of: address, at: "", etag: '"0"', coding: "", pieces: 1, failures: 0 };
    writeFileSync(join(folder, "source.csv"), "1,older\n");
    writeFileSync(join(folder, "source.csv.version"), JSON.stringify(part));
    await fetch(address, folder);
    expect(readFileSync(join(folder, "source.csv")).equals(content)).toBe(true);
  });

  test("detects a changed byte by the checksum", async () => {
    const answer = await get({
      url: new URL(s3Url({ bucket: "trips", name: key }, { endpoint: moto.announced, region: "us-east-1" })),
      headers: async (url) =>
        (
          await s3Server(
            { endpoint: moto.announced, region: "us-east-1", credentials: () => Promise.resolve(keys) },
            address,
          )
        ).headers(url, false, {}),
      signal: new AbortController().signal,
    });
    answer.discard();
    expect(wholeChecksum(answer)).toMatch(/^crc32:/);
    const folder = newFolder();
    front.failNext(media, "corrupt");
    await fetch(address, folder);
    expect(readFileSync(join(folder, "source.csv")).equals(content)).toBe(true);
    front.failNext(media, "corrupt");
    front.failNext(media, "corrupt");
    expect(await failureOf(fetch(address))).toMatchObject({
      kind: "integrity",
      message: expect.stringMatching(/was damaged in two downloads: its crc32 checksum is/) as string,
    });
  });

  test.each([
    ["s3://trips/absent.csv", "permanent", /does not exist: it is not published yet/],
    ["s3://no-such-bucket-here/x.csv", "permanent", /cannot be read: the bucket does not exist/],
  ])("fails for the missing %s: %s", async (absent, kind, message) => {
    expect(await failureOf(fetch(absent))).toMatchObject({
      kind,
      message: expect.stringMatching(message) as string,
    });
  });

  test("retries server errors, but not a rejected key", async () => {
    front.failNext(media, { status: 503 });
    expect(await fetch(address)).toMatchObject({ pieced: false });
    front.failNext(media, { status: 403 });
    expect(await failureOf(fetch(address))).toMatchObject({
      kind: "permanent",
      message: expect.stringMatching(/cannot be read/) as string,
    });
  });
});
