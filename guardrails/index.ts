/** Rules for the stacks of any cdktf app. They are checked on the synthesized JSON, regardless of the construct that wrote it. */
export { checkStacks } from "./check-stacks";
export { guardApp, type GuardAppProps, GuardrailError } from "./guard-app";
export { report, type Finding, type Rule } from "./rule";
export type { Resource, StackView, Synthesis, Values } from "./synthesis";

export { encryptedWith, type EncryptedWithProps } from "./rules/encrypted-with";
export { keptData, type KeptDataProps, type Reader } from "./rules/kept-data";
export { noKeys } from "./rules/no-keys";
export { noPublicAccess } from "./rules/no-public-access";
export { nothingLost } from "./rules/nothing-lost";
export { oneLocation, type OneLocationProps } from "./rules/one-location";
export { protectedData } from "./rules/protected-data";
export { requiredLabels, type RequiredLabelsProps } from "./rules/required-labels";
export { schemaEvolution, type SchemaEvolutionProps, type TableShape } from "./rules/schema-evolution";
export { smallRoles } from "./rules/small-roles";
export { validNames } from "./rules/valid-names";
