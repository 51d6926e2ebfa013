/** Packages that are ES modules, or import one: jest runs CommonJS, so these are transformed like our own files. */
const esModules = [
  ...["p-retry", "is-network-error"],
  ...["parse5", "entities"],
  // Google's clients send their requests by node-fetch.
  ...["teeny-request", "gaxios", "node-fetch", "data-uri-to-buffer", "fetch-blob", "formdata-polyfill"],
];

/** @type {import("jest").Config} */
export default {
  roots: ["<rootDir>/__tests__"],
  testMatch: ["**/*.test.ts"],
  transform: {
    "^.+\\.(ts|js)$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(.*/)?(${esModules.join("|")})/)`],
  testTimeout: 60_000,
};
