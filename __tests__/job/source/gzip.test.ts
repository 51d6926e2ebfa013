import { crc32, deflateRawSync, gunzipSync, gzipSync } from "node:zlib";
import { gzipFault, GzipReader } from "../../../job/source/gzip";
import { random } from "./support";

const text = Buffer.from(
  `id,v\n${Array.from({ length: 500 }, (_, row) => `${row},${row * 7919}\n`).join("")}`,
);

/** A member as in RFC 1952, with the optional fields of its header. */
function member(
  content: Buffer,
  fields: { text?: boolean; extra?: string; name?: string; comment?: string; checksum?: boolean } = {},
) {
  const { text: isText = false, extra, name, comment, checksum = false } = fields;
  const flags =
    Number(isText) |
    (Number(checksum) << 1) |
    (Number(extra !== undefined) << 2) |
    (Number(name !== undefined) << 3) |
    (Number(comment !== undefined) << 4);
  const length = Buffer.alloc(2);
  length.writeUInt16LE(extra?.length ?? 0);
  const header = Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 255]),
    ...(extra === undefined ? [] : [length, Buffer.from(extra)]),
    ...[name, comment].flatMap((field) => (field === undefined ? [] : [Buffer.from(`${field}\0`)])),
  ]);
  const sum = Buffer.alloc(2);
  sum.writeUInt16LE(crc32(header) & 0xffff);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(content), 0);
  trailer.writeUInt32LE(content.length % 2 ** 32, 4);
  return Buffer.concat([header, ...(checksum ? [sum] : []), deflateRawSync(content), trailer]);
}

async function read(bytes: Buffer, size: number): Promise<Buffer> {
  const chunks = function* () {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  };
  const read: Buffer[] = [];
  for await (const chunk of new GzipReader().read(asynchronous(chunks()))) read.push(chunk);
  return Buffer.concat(read);
}

async function* asynchronous<T>(values: Iterable<T>): AsyncGenerator<T> {
  for (const value of values) yield await Promise.resolve(value);
}

const sizes = [1, 7, 1 << 20];
const [a, b] = [text.subarray(0, 1_500), text.subarray(1_500)];
const zeros = Buffer.alloc(900);

describe.each(sizes)("GzipReader with chunks of %i bytes", (size) => {
  test.each<[string, Buffer, Buffer]>([
    ["one member", gzipSync(text), text],
    ["a name", member(text, { name: "x.csv" }), text],
    ["a comment", member(text, { comment: "made by hand" }), text],
    ["a header checksum", member(text, { checksum: true }), text],
    [
      "all header fields",
      member(text, { text: true, extra: "ab", name: "x", comment: "y", checksum: true }),
      text,
    ],
    ["two members", Buffer.concat([gzipSync(a), member(b, { comment: "second" })]), text],
    ["an empty member first", Buffer.concat([gzipSync(""), gzipSync(text)]), text],
    ["an empty member last", Buffer.concat([gzipSync(text), gzipSync("")]), text],
    ["empty content", gzipSync(""), Buffer.alloc(0)],
    ["zeros at the end", Buffer.concat([gzipSync(text), zeros]), text],
    ["one zero at the end", Buffer.concat([gzipSync(text), zeros.subarray(0, 1)]), text],
    ["empty content and zeros", Buffer.concat([gzipSync(""), zeros]), Buffer.alloc(0)],
    ["content of zeros", Buffer.concat([gzipSync(zeros, { level: 0 }), zeros]), zeros],
  ])("reads %s", async (_, bytes, content) => {
    expect((await read(bytes, size)).equals(content)).toBe(true);
  });

  test.each<[string, Buffer, RegExp]>([
    ["truncated", gzipSync(text).subarray(0, -5), /^truncated/],
    [
      "truncated in its second member",
      Buffer.concat([gzipSync(a), gzipSync(b).subarray(0, -1)]),
      /^truncated/,
    ],
    ["followed by other data", Buffer.concat([gzipSync(text), Buffer.from("garbage!")]), /^damaged/],
    [
      "followed by zeros and other data",
      Buffer.concat([gzipSync(text), zeros, Buffer.from("!")]),
      /^damaged/,
    ],
    ["followed by zeros and a member", Buffer.concat([gzipSync(a), zeros, gzipSync(b)]), /^damaged/],
    ["with a wrong checksum", changed(gzipSync(text), -6), /^damaged/],
    ["with a wrong length", changed(gzipSync(text), -2), /^damaged/],
    ["with a wrong header checksum", changed(member(text, { checksum: true }), 10), /^damaged/],
    ["empty", Buffer.alloc(0), /^truncated/],
  ])("rejects content that is %s", async (_, bytes, fault) => {
    await expect(
      read(bytes, size).catch((error: unknown) => Promise.reject(new Error(gzipFault(error)))),
    ).rejects.toThrow(fault);
  });
});

function changed(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  const index = at < 0 ? copy.length + at : at;
  copy.writeUInt8(copy.readUInt8(index) ^ 1, index);
  return copy;
}

test("GzipReader with random changes of the bytes returns the original content, or throws", async () => {
  const runs = Number(process.env["FUZZ_RUNS"] ?? 200);
  let refused = 0;
  for (let seed = 1; seed <= runs; seed += 1) {
    const next = random(seed + Number(process.env["FUZZ_SEED"] ?? 0));
    const upTo = (limit: number) => Math.floor(next() * limit);
    const parts = Array.from({ length: 1 + upTo(3) }, () =>
      text.subarray(upTo(text.length), upTo(text.length)),
    );
    const content = Buffer.concat(parts);
    let bytes: Buffer = Buffer.concat(
      parts.map((part) =>
        member(part, {
          checksum: next() < 0.3,
          ...(next() < 0.3 && { comment: "c" }),
          ...(next() < 0.3 && { name: "n" }),
        }),
      ),
    );
    expect(gunzipSync(bytes).equals(content)).toBe(true);
    const event = next();
    if (event < 0.25) bytes = bytes.subarray(0, upTo(bytes.length));
    else if (event < 0.5) bytes = changed(bytes, upTo(bytes.length));
    else if (event < 0.75)
      bytes = Buffer.concat([bytes, Buffer.alloc(upTo(600), next() < 0.5 ? 0 : upTo(256))]);
    try {
      const found = await read(bytes, 1 + upTo(2_000));
      // A changed bit in a name, comment or time does not change the content.
      if (!found.equals(content))
        expect(`seed ${seed}: ${found.length} bytes`).toBe(`${content.length} bytes`);
    } catch (error) {
      if (gzipFault(error) === undefined) throw error;
      refused += 1;
    }
  }
  expect(refused).toBeGreaterThan(runs / 4);
});
