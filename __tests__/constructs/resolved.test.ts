import { StorageBucket } from "@cdktf/provider-google/lib/storage-bucket";
import { Fn } from "cdktf";
import { resolvedJson } from "../../constructs/resolved";
import { stackOf } from "../support/stack";
import { location } from "./support";

describe("resolvedJson", () => {
  test("is the same for two reads of an attribute, whose tokens differ", () => {
    stackOf((stack) => {
      const bucket = new StorageBucket(stack, "lake", { name: "my-lake", location });
      expect(bucket.url).not.toBe(bucket.url);
      const [one, other] = [bucket.url, bucket.url].map((url) => resolvedJson(stack, { url: Fn.lower(url) }));
      expect(one).toBe('{"url":"${lower(google_storage_bucket.lake.url)}"}');
      expect(other).toBe(one);
    });
  });
});
