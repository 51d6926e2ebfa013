/** What a data set is: shared by the stacks that make room for it and the job that fills that room. */
export * from "./dataset";
export { defineDataset } from "./define";
export { specDigest, specFromJson, specToJson, specVersion } from "./json";
export * from "./layout";
export { Period, type Grain } from "./period";
export { sourceUrl, templateFaults } from "./source-url";
export { periodColumn, tableColumns } from "./table";
export { SpecError } from "./validate";
