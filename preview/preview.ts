import type { PreviewInput } from "./input";
import type { Report } from "./report";

/** Reads the plans, judges what they change, and reports it. Never throws for a plan: a stack that cannot be read is reported as errored. */
export declare function previewReport(input: PreviewInput): Report;

/** The semantic diff of two syntheses, without Terraform: `truth` is `json`. */
export declare function diffReport(input: Omit<PreviewInput, "plans" | "truth">): Report;
