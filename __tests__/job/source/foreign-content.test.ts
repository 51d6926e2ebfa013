import { deflateRawSync, gzipSync } from "node:zlib";
import { foreignContent } from "../../../job/source/foreign-content";

const utf16 = Buffer.from("id,v\r\n1,a\r\n2,größe\r\n", "utf16le");
const bytes = (text: string, rest = "\x00\x00\x00 and more") => Buffer.from(text + rest, "latin1");

test.each<[string, Buffer, string]>([
  [
    "UTF-16 with a byte order mark",
    Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]),
    "UTF-16 (little endian)",
  ],
  [
    "big-endian UTF-16 with a byte order mark",
    Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(utf16).swap16()]),
    "UTF-16 (big endian)",
  ],
  [
    "UTF-16 without a byte order mark",
    utf16.subarray(0, 20),
    "UTF-16 (little endian, without a byte order mark)",
  ],
  [
    "big-endian UTF-16 without a byte order mark",
    Buffer.from(utf16.subarray(0, 20)).swap16(),
    "UTF-16 (big endian, without a byte order mark)",
  ],
  ["UTF-32", bytes("\xff\xfe\x00\x00i\x00\x00\x00"), "UTF-32"],
  ["gzip", gzipSync("id,v\n"), "gzip"],
  ["zip", bytes("PK\x03\x04"), "a zip archive"],
  ["Excel", bytes("PK\x03\x04\x14\x00\x06\x00 [Content_Types].xml"), "an Excel workbook (.xlsx)"],
  ["old Excel", bytes("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "an old Excel workbook (.xls)"],
  ["zstd", bytes("\x28\xb5\x2f\xfd"), "zstd"],
  ["bzip2", bytes("BZh91AY&SY"), "bzip2"],
  ["xz", bytes("\xfd7zXZ\x00"), "xz"],
  ["Parquet", bytes("PAR1\x15\x04"), "Parquet"],
  ["Avro", bytes("Obj\x01\x04"), "Avro"],
  [
    "tar",
    Buffer.concat([bytes("x.csv".padEnd(100, "\0")), Buffer.alloc(257 - 100 - 12), bytes("ustar")]),
    "a tar archive",
  ],
  ["HTML", Buffer.from("<!DOCTYPE html>\n<html><head><title>Sign  in</title>"), 'HTML ("Sign in")'],
  ["HTML after whitespace and a comment", Buffer.from("\n \uFEFF<!-- x -->\n<html>"), "HTML"],
  [
    "an error of S3",
    Buffer.from('<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code></Error>'),
    "XML (AccessDenied)",
  ],
  ["XML without a prolog", Buffer.from("<trips>\n  <trip/>"), "XML"],
  ["JSON", Buffer.from('{\n "trips": []}'), "JSON"],
  ["JSON lines", Buffer.from('{"id":1}\n{"id":2}\n'), "JSON"],
  ["a JSON list", Buffer.from('[{"id": 1}]'), "JSON"],
  ["PDF", Buffer.from("%PDF-1.7\n"), "PDF"],
  ["a Git LFS pointer", Buffer.from("version https://git-lfs.github.com/spec/v1\n"), "a Git LFS pointer"],
])("foreignContent detects %s", (_, head, name) => {
  expect(foreignContent(head)).toBe(name);
});

test.each([
  "id,v\n1,a\n",
  "\uFEFFid,v\n",
  '"id","v"\n',
  "PAR1,ORC\n1,2\n",
  "<id>,<v>\n1,2\n",
  "[id],[v]\n1,2\n",
  "{id},{v}\n1,2\n",
  "größe;naïve\n",
  "id\n",
  "\n\n",
  "",
])("foreignContent returns undefined for %j, which may be CSV", (text) => {
  expect(foreignContent(Buffer.from(text))).toBeUndefined();
});

test("foreignContent does not mistake CSV for another format", () => {
  const noise = deflateRawSync(Buffer.from("id,v\n1,a\n".repeat(50)));
  expect(foreignContent(Buffer.concat([Buffer.from("id,v\n"), noise]))).toBeUndefined();
});
