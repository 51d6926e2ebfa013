import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import tseslint from "typescript-eslint";

/** Provider packages are imported resource by resource: the root of google alone costs 2.9 s and 467 MB. */
const providerRoots = {
  regex: "^@cdktf/provider-[a-z]+(/(index|lib|lib/index))?$",
  message: "Import one resource: @cdktf/provider-<name>/lib/<resource>.",
};

const room = (name) => ({
  regex: `^(\\.\\./)+${name}(/|$)`,
  message: `The arrows between rooms run one way: this room does not know ${name}/.`,
});

const cdktf = {
  regex: "^(cdktf|constructs|@cdktf/)",
  message: "Only infrastructure rooms (constructs, stacks, main) know cdktf.",
};

/** What each room must not import; the README lists the rooms. */
const arrows = {
  catalog: [cdktf, ...["config", "constructs", "stacks", "job", "tour", "preview"].map(room)],
  config: [cdktf, ...["catalog", "constructs", "stacks", "job", "tour", "preview"].map(room)],
  constructs: ["config", "catalog", "stacks", "job", "tour", "preview"].map(room),
  stacks: ["job", "tour", "preview"].map(room),
  job: [cdktf, ...["config", "constructs", "stacks", "tour", "preview"].map(room)],
  tour: [cdktf, ...["config", "constructs", "stacks", "preview"].map(room)],
  preview: [cdktf, ...["config", "catalog", "constructs", "stacks", "job", "tour"].map(room)],
};

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
      // A construct registers itself with its scope: `new` is the statement.
      "no-new": "off",
    },
  },
  ...Object.entries(arrows).map(([name, banned]) => ({
    files: [`${name}/**/*.ts`],
    rules: { "no-restricted-imports": ["error", { patterns: [providerRoots, ...banned] }] },
  })),
  prettier,
);
