import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import tseslint from "typescript-eslint";
import { jobFolders, rooms, testsAlso } from "./rooms.mjs";

/** Import single resources from provider packages: importing the root of google takes 2.9 s and 467 MB. */
const providerRoots = {
  regex: "^@cdktf/provider-[a-z]+(/(index|lib|lib/index))?$",
  message: "Import a single resource: @cdktf/provider-<name>/lib/<resource>.",
};

const cdktf = {
  regex: "^(cdktf|constructs|@cdktf/)",
  message: "This room must not import cdktf. rooms.mjs lists the rooms that may.",
};

/** A pattern that forbids imports of a room. */
const ban = (name) => ({
  regex: `^(\\.\\./)+${name}(/|$)`,
  message: `This room must not import ${name}. rooms.mjs lists the permitted imports.`,
});

const allRooms = ["app", "main", ...Object.keys(rooms)];
const restrict = (files, patterns) => ({
  files,
  rules: { "no-restricted-imports": ["error", { patterns: [providerRoots, ...patterns] }] },
});

/** The files in catalog/ and config/ are the user's: a test that reads them would fail when the user changes them. */
const usersOwn = {
  regex: "^(\\.\\./)+(catalog(/\\w+)?|config(/(?!settings)\\w+)?)$",
  message:
    "Import __tests__/fixtures/catalog or __tests__/fixtures/config: the user changes catalog/ and config/.",
};

/** One rule per room, and one for its tests. */
const arrows = Object.entries(rooms).flatMap(([name, { knows, cdktf: infrastructure = false }]) => {
  const others = allRooms.filter((other) => other !== name);
  const unknown = others.filter((other) => !knows.includes(other));
  const untested = unknown.filter((other) => !(testsAlso[name] ?? []).includes(other));
  return [
    restrict([`${name}/**/*.ts`], [...unknown.map(ban), ...(infrastructure ? [] : [cdktf])]),
    restrict([`__tests__/${name}/**/*.ts`], [...untested.map(ban), usersOwn]),
  ];
});

/** Within job/, a folder must not import a folder above it, or a file that composes the steps. */
const composing = "(main|cli|run|ingest-period|destinations|ask|requested-periods)";
const jobArrows = jobFolders.map((folder, index) => ({
  ...restrict(
    [`job/${folder}/**/*.ts`],
    [
      cdktf,
      ...allRooms.filter((other) => other !== "job" && !rooms.job.knows.includes(other)).map(ban),
      ...jobFolders.slice(0, index).map((above) => ({
        regex: `^(\\.\\./)+${above}(/|$)`,
        message: `job/${folder} must not import job/${above}, which is above it. rooms.mjs defines the order.`,
      })),
      ...(folder === "commands"
        ? []
        : [
            { regex: `^\\.\\./${composing}$`, message: "Steps must not import the files that compose them." },
          ]),
    ],
  ),
}));

export default tseslint.config(
  { ignores: ["dist/", "cdktf.out/", ".tributary/", "coverage/"] },
  js.configs.recommended,
  {
    files: ["**/*.mjs"],
    languageOptions: { globals: { process: "readonly", console: "readonly", URL: "readonly" } },
  },
  {
    files: ["**/*.cjs"],
    languageOptions: {
      sourceType: "commonjs",
      globals: { process: "readonly", require: "readonly", Buffer: "readonly", __filename: "readonly" },
    },
  },
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "no-restricted-imports": ["error", { patterns: [providerRoots] }],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-extraneous-class": "off",
      // A construct registers itself with its scope, so its instance is often not used.
      "no-new": "off",
    },
  },
  restrict(["__tests__/*.ts", "__tests__/support/**/*.ts", "__tests__/github/**/*.ts"], [usersOwn]),
  // What `npm run golden` writes is made from both.
  restrict(["__tests__/golden.test.ts"], []),
  ...arrows,
  ...jobArrows,
  prettier,
);
