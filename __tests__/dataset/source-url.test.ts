import { addressFaults, shownTemplate } from "../../dataset/source-url";

test.each([
  "https://host/{period}.csv.gz",
  "http://host:8080/100%/a b.csv?month={period}&format=csv",
  "gs://bucket/a/{period}.csv",
  "s3://bucket/{year}/{month}.parquet",
  "file:///data/x.csv",
  "data/{period}.csv",
])("%s may be in a specification", (template) => {
  expect(addressFaults(template)).toEqual([]);
});

test.each([
  ["https://reader:s3cret@host/{period}.csv", /user or password.*SOURCE_URL/],
  ["https://reader@host/{period}.csv", /user or password/],
  ["https://host/{period}.csv?X-Amz-Signature=s3cret", /X-Amz-Signature.*must not contain secrets/],
  ["https://host/{period}.csv?sv=2024&sig=s3cret", /must not contain sig/],
  ["https://host/x?access_token=s3cret", /access_token/],
  ["https://host/x?api_key=s3cret", /api_key/],
  ["ftp://host/x.csv", /scheme "ftp" is not supported/],
  ["https://host:99999/x.csv", /not a valid address/],
  ["s3://bucket", /must be s3:/],
])("%s may not, and the fault holds no secret", (template, message) => {
  const faults = addressFaults(template).join();
  expect(faults).toMatch(message);
  expect(faults + shownTemplate(template)).not.toContain("s3cret");
});
