import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import tseslint from "typescript-eslint";
import { jobFolders, rooms, testsAlso } from "./rooms.mjs";

/** Provider packages are imported resource by resource: the root of google alone costs 2.9 s and 467 MB. */
const providerRoots = {
  regex: "^@cdktf/provider-[a-z]+(/(index|lib|lib/index))?$",
  message: "Import one resource: @cdktf/provider-<name>/lib/<resource>.",
};

const cdktf = {
  regex: "^(cdktf|constructs|@cdktf/)",
  message: "This room does not know cdktf; rooms.mjs says which ones do.",
};

/** A ban on imports of a room from any other. */
const ban = (name) => ({
  regex: `^(\\.\\./)+${name}(/|$)`,
  message: `The arrows between rooms run one way: this one does not know ${name}. rooms.mjs has them all.`,
});

const allRooms = ["app", "main", ...Object.keys(rooms)];
const restrict = (files, patterns) => ({
  files,
  rules: { "no-restricted-imports": ["error", { patterns: [providerRoots, ...patterns] }] },
});

/** One rule for each room, and one for its tests. */
const arrows = Object.entries(rooms).flatMap(([name, { knows, cdktf: infrastructure = false }]) => {
  const others = allRooms.filter((other) => other !== name);
  const unknown = others.filter((other) => !knows.includes(other));
  const untested = unknown.filter((other) => !(testsAlso[name] ?? []).includes(other));
  return [
    restrict([`${name}/**/*.ts`], [...unknown.map(ban), ...(infrastructure ? [] : [cdktf])]),
    restrict([`__tests__/${name}/**/*.ts`], untested.map(ban)),
  ];
});

/** Inside of job/: no folder knows one above it, or the files that compose them all. */
const composing = "(main|cli|run|ingest-period|destinations|ask|requested-periods)";
const jobArrows = jobFolders.map((folder, index) => ({
  ...restrict(
    [`job/${folder}/**/*.ts`],
    [
      cdktf,
      ...allRooms.filter((other) => other !== "job" && !rooms.job.knows.includes(other)).map(ban),
      ...jobFolders.slice(0, index).map((above) => ({
        regex: `^(\\.\\./)+${above}(/|$)`,
        message: `job/${folder} is below job/${above}; rooms.mjs has the order.`,
      })),
      ...(folder === "commands"
        ? []
        : [
            { regex: `^\\.\\./${composing}$`, message: "This file composes the steps; they do not know it." },
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
      // A construct registers itself with its scope: `new` is the statement.
      "no-new": "off",
    },
  },
  ...arrows,
  ...jobArrows,
  prettier,
);
