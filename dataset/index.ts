/** The contract between the stacks, the workflows and the job: what a data set is, and how the job is started and ends. */
export * from "./dataset";
export { scheduleDefaults } from "./defaults";
export { defineDataset } from "./define";
export { allExitCodes, codesFor, exitCodes, type ExitCode, type FailureKind } from "./exit-code";
export { periodOption, runArguments, runSubcommand } from "./job-arguments";
export * from "./job-environment";
export { specDigest, specFromJson, specToJson, specVersion } from "./json";
export * from "./layout";
export { allowedBadRows, type Comparable, mostBadRows, shrinkage } from "./limits";
export { Period, type Grain, type PeriodicGrain } from "./period";
export { addressFaults, schemeOf, sourceSchemes, sourceUrl, templateFaults } from "./source-url";
export { periodColumn, tableColumns } from "./table";
