import { cloudFailure, httpStatusOf } from "../../../job/cloud/failure";

const error = (message: string, more: object) => Object.assign(new Error(message), more);

test.each<[string, object, number | undefined]>([
  ["a numeric code", { code: 404 }, 404],
  ["a code of digits", { code: "503" }, 503],
  ["the response", { code: "ERR_BAD", response: { status: 429 } }, 429],
  ["a system error, which has none", { code: "ECONNRESET" }, undefined],
])("httpStatusOf reads the status from %s", (_, more, status) => {
  expect(httpStatusOf(error("x", more))).toBe(status);
});

test.each<[string, string, object]>([
  ["retryable", "the server failed", { code: 503 }],
  ["retryable", "slow down", { code: 429 }],
  ["retryable", "read ECONNRESET", { code: "ECONNRESET" }],
  ["retryable", "getaddrinfo EAI_AGAIN", { code: "EAI_AGAIN" }],
  ["retryable", "an internal error", { reason: "backendError" }],
  ["retryable", "Transaction is aborted due to concurrent update against table", { reason: "invalidQuery" }],
  ["permanent", "Access denied", { code: 403 }],
  ["permanent", "Not found", { code: 404 }],
  ["permanent", "Bad schema", { reason: "invalid" }],
  ["permanent", "Could not load the default credentials.", {}],
])("cloudFailure is %s: %s", (kind, message, more) => {
  expect(cloudFailure(error(message, more), "the lake gs://b cannot be read")).toMatchObject({
    kind,
    message: expect.stringContaining(`the lake gs://b cannot be read: ${message}`) as string,
  });
});

test("cloudFailure advises to check roles or to log in when access is denied", () => {
  expect(cloudFailure(error("denied", { code: 403 }), "x").message).toBe(
    "x: denied; check the roles of the job's service account",
  );
  expect(cloudFailure(error("Could not load the default credentials", {}), "x").message).toBe(
    "x: Could not load the default credentials; run: gcloud auth application-default login",
  );
});
