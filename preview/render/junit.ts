import { keyOf } from "../judge/rows";
import type { Report } from "../report";
import { oneLine } from "./plain";

/**
 * Renders the report as JUnit XML: a suite per stack, with a test for the plan and each guard entry, obstacle and
 * check.
 */
export function junit(report: Report): string {
  const suites = report.stacks.map(({ name }) => suite(name, testsOf(report, name)));
  const sum = (what: "tests" | "failures" | "errors") => suites.reduce((total, one) => total + one[what], 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="plan preview" tests="${sum("tests")}" failures="${sum("failures")}" errors="${sum("errors")}">`,
    ...suites.map(({ xml }) => xml),
    "</testsuites>",
    "",
  ].join("\n");
}

interface Test {
  readonly name: string;
  readonly outcome: "passed" | "failed" | "error" | "skipped";
  readonly message: string;
}

function testsOf(report: Report, stack: string): Test[] {
  const summary = report.stacks.find(({ name }) => name === stack);
  const status = summary?.status;
  const planned: Test = {
    name: "plan",
    outcome:
      status === "errored"
        ? "error"
        : status === "blocked" || status === "unplanned" || status === "gone"
          ? "skipped"
          : "passed",
    message: summary?.detail ?? status ?? "",
  };
  const of = <Row extends { readonly stack: string }>(rows: readonly Row[]) =>
    rows.filter((row) => row.stack === stack);
  return [
    planned,
    ...of(report.guard).map((entry): Test => ({
      name: `guard: ${keyOf(entry)}`,
      outcome: entry.allowed ? "passed" : "failed",
      message: entry.reason,
    })),
    ...of(report.obstacles).map((obstacle): Test => ({
      name: `apply: ${keyOf(obstacle)}`,
      outcome: obstacle.certainty === "certain" ? "failed" : "skipped",
      message: `${obstacle.reason}; ${obstacle.remedy}`,
    })),
    ...of(report.checks).map((check): Test => ({
      name: `check: ${check.address}`,
      outcome: "failed",
      message: check.problems.join("; "),
    })),
  ];
}

function suite(name: string, tests: readonly Test[]) {
  const count = (outcome: Test["outcome"]) => tests.filter((test) => test.outcome === outcome).length;
  const [failures, errors, skipped] = [count("failed"), count("error"), count("skipped")];
  return {
    tests: tests.length,
    failures,
    errors,
    xml: [
      `  <testsuite name="${xml(name)}" tests="${tests.length}" failures="${failures}" errors="${errors}" skipped="${skipped}">`,
      ...tests.map(
        (test) =>
          `    <testcase classname="${xml(name)}" name="${xml(test.name)}">${outcomeXml(test)}</testcase>`,
      ),
      "  </testsuite>",
    ].join("\n"),
  };
}

function outcomeXml({ outcome, message }: Test): string {
  switch (outcome) {
    case "passed":
      return "";
    case "failed":
      return `<failure message="${xml(message)}"/>`;
    case "error":
      return `<error message="${xml(message)}"/>`;
    case "skipped":
      return `<skipped message="${xml(message)}"/>`;
  }
}

/** Escapes text, and replaces characters that XML 1.0 does not allow. */
function xml(text: string): string {
  return oneLine(text)
    .replace(
      /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|[\ufffe\uffff]/g,
      "\ufffd",
    )
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
