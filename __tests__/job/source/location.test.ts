import { resolve } from "node:path";
import { addressKey, fileName, formatOf, locate, shownAddress } from "../../../job/source/location";

test.each([
  ["https://host/a/x.csv", { kind: "http", url: "https://host/a/x.csv" }],
  ["HTTP://host/a b.csv", { kind: "http", url: "http://host/a%20b.csv" }],
  ["gs://bucket/a/x.csv", { kind: "gs", bucket: "bucket", name: "a/x.csv" }],
  ["S3://bucket/a b/100%.csv", { kind: "s3", bucket: "bucket", name: "a b/100%.csv" }],
  ["file:///a/b%20c.csv", { kind: "file", path: "/a/b c.csv" }],
  ["a/x.csv", { kind: "file", path: resolve("a/x.csv") }],
])("locate parses %s", (address, location) => {
  expect(locate(address)).toEqual(location);
});

test.each([
  ["ftp://host/x.csv", /the scheme "ftp" is not supported; use https, http, gs, s3, file or a path/],
  ["hdfs://host/x.csv", /the scheme "hdfs"/],
  ["https://", /not a valid source address: check host and port/],
  ["http://host:99999/x.csv", /check host and port/],
  ["https:/host/x.csv", /the scheme must be followed by ":\/\/"/],
  ["s3://bucket", /use s3:\/\/<bucket>\/<object name>/],
  ["gs:///x.csv", /use gs:/],
  ["file://host/x.csv", /use file:\/\/\/<path>/],
  ["http://reader:s3cret@host:99999/x.csv", /^"http:\/\/host:99999\/x\.csv" is not a valid/],
])("locate rejects %s", (address, message) => {
  expect(() => locate(address)).toThrow(message);
  expect(() => locate(address)).toThrow(expect.objectContaining({ kind: "permanent" }) as Error);
});

test("shownAddress omits credentials", () => {
  const location = locate("https://reader:s3cret@host/a/100%.csv?sig=abc#top");
  expect(shownAddress(location)).toBe("https://host/a/100%.csv");
  expect(fileName(location)).toBe("100%.csv");
  expect(fileName(locate("https://host/a/gr%C3%B6%C3%9Fe%20x.csv"))).toBe("größe x.csv");
  expect(fileName(locate("https://host/"))).toBe("https://host/");
});

test("addressKey distinguishes queries, but not signatures", () => {
  const key = (address: string) => addressKey(locate(address));
  expect(key("https://host/x?month=1")).not.toBe(key("https://host/x?month=2"));
  expect(key("https://host/x?month=1")).toBe(key("https://host/x?month=1&X-Amz-Signature=a&X-Amz-Date=b"));
  expect(key("https://host/x?sv=1&sp=r&sig=a")).toBe("https://host/x");
  expect(key("https://host/x?token=s3cret")).not.toContain("s3cret");
});

test.each([
  ["x.csv", { format: "csv", compression: "none" }],
  ["x.CSV.GZ", { format: "csv", compression: "gzip" }],
  ["x.parquet", { format: "parquet", compression: "none" }],
  ["x", { format: "csv", compression: "gzip" }],
])("formatOf determines the format of %s", (name, format) => {
  expect(formatOf(name, { format: "csv", compression: "gzip" })).toEqual(format);
});
