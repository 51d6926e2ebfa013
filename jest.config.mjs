/** Packages that are ES modules or import one. Jest runs CommonJS, so they are transformed like the project's files. */
const esModules = [
  ...["p-retry", "is-network-error"],
  ...["parse5", "entities"],
  // Google's clients send requests with node-fetch.
  ...["teeny-request", "gaxios", "node-fetch", "data-uri-to-buffer", "fetch-blob", "formdata-polyfill"],
];

/** @type {import("jest").Config} */
export default {
  roots: ["<rootDir>/__tests__"],
  globalSetup: "<rootDir>/__tests__/support/global-setup.mjs",
  testMatch: ["**/*.test.ts"],
  transform: {
    "^.+\\.(ts|js)$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(.*/)?(${esModules.join("|")})/)`],
  testTimeout: 60_000,
  // Jest leaves one core free by default, which on two cores is half the machine.
  maxWorkers: "100%",
};
