/** Packages that ship only ES modules: jest runs CommonJS, so these are transformed like our own files. */
const esModules = ["p-retry", "is-network-error"];

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
  transformIgnorePatterns: [`/node_modules/(?!(${esModules.join("|")})/)`],
  testTimeout: 60_000,
};
