/** The contract between the stacks, the workflows and the job: what a data set is, how the job is started, and
 * how it exits. */
export * from "./dataset";
export { type DateDirective, formatParts, type FormatPart } from "./date-format";
export { scheduleDefaults } from "./defaults";
export * from "./dag-catalog";
export { defineDataset } from "./define";
export * from "./deployment";
export {
  allExitCodes,
  codesFor,
  exitCodeHelp,
  exitCodes,
  type ExitCode,
  type FailureKind,
} from "./exit-code";
export {
  datasetOption,
  fromOption,
  type PeriodArguments,
  periodOption,
  runArguments,
  runSubcommand,
  type TaskPlace,
  taskVariables,
  toOption,
} from "./job-arguments";
export * from "./job-environment";
export { specDigest, specFromJson, specToJson, specVersion } from "./json";
export { type PathStep, pathSteps } from "./json-path";
export * from "./layout";
export { allowedBadRows, type Comparable, mostBadRows, shrinkage } from "./limits";
export {
  isPolicyTagResource,
  platformPolicy,
  policyTagForm,
  policyTagLocation,
  policyTagName,
} from "./policies";
export { grainRules, type PeriodicGrain, periodicGrains } from "./grain";
export { type Grain, Period } from "./period";
export * from "./pipeline";
export { cronExpression } from "./schedule-time";
export { type Format, formatOf, withSource } from "./source-format";
export { addressFaults, schemeOf, sourceSchemes, sourceUrl, templateFaults } from "./source-url";
export { extraColumn, periodColumn, periodColumnOf, tableColumns } from "./table";
