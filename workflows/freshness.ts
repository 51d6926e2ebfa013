import { factsSubworkflow } from "./facts";
import { labelSubworkflow, numberSubworkflow } from "./period-expressions";
import type { Step, WorkflowSource } from "../constructs/workflow-source";
import { apiCall, goIf, setIf } from "./steps";

/** Where the data sets are, and where their periods. */
export interface Freshness {
  /** Name of the bucket with the specifications. */
  readonly specifications: string;
  /** Name of the lake's bucket. */
  readonly lake: string;
}

/** Overdue data sets that the error lists; of the others, it has the number. The log has all. */
const maxOverdue = 100;

/**
 * A Google Workflows program that checks all data sets. It fails in the end when the period that is due of any data set
 * is not in the lake, or could not be looked for.
 */
export function freshnessDefinition({ specifications, lake }: Freshness): WorkflowSource {
  const objects = `https://storage.googleapis.com/storage/v1/b/${specifications}/o`;
  return {
    main: {
      steps: [
        { begin: { assign: [{ page: "" }, { checked: 0 }, { count: 0 }, { overdue: [] }] } },
        {
          list: apiCall(
            "get",
            `\${"${objects}?maxResults=200&fields=nextPageToken,items(name)&pageToken=" + text.url_encode(page)}`,
            "found",
          ),
        },
        {
          each: {
            for: { value: "item", in: '${default(map.get(found.body, "items"), [])}', steps: itemSteps },
          },
        },
        { next_page: { assign: [{ page: '${default(map.get(found.body, "nextPageToken"), "")}' }] } },
        { another_page: goIf('page != ""', "list") },
        { all_well: goIf("count == 0", "finish") },
        {
          fail: {
            raise: {
              message:
                '${string(count) + " of " + string(checked) + " data sets are overdue: " + default(map.get(overdue[0], "message"), "cannot be checked")}',
              overdue: "${overdue}",
            },
          },
        },
        { finish: { return: { checked: "${checked}" } } },
      ],
    },
    check: {
      params: ["dataset"],
      steps: [
        { look_up: { call: "facts", args: { dataset: "${dataset}" }, result: "facts" } },
        { watched: goIf("facts.latenessSeconds != null and not(facts.retired)", "then") },
        { unwatched: { return: "never due" } },
        { then: { assign: [{ date: "${time.format(sys.now() - facts.latenessSeconds, facts.timeZone)}" }] } },
        { current: { call: "number", args: { grain: "${facts.grain}", date: "${date}" }, result: "now" } },
        { due: { assign: [{ due: "${now - facts.behind}" }] } },
        { endless: goIf("facts.last == null", "earliest") },
        {
          latest: {
            call: "number",
            args: { grain: "${facts.grain}", date: "${facts.last}" },
            result: "limit",
          },
        },
        setIf("not_after", "due > limit", "due", "limit"),
        {
          earliest: {
            call: "number",
            args: { grain: "${facts.grain}", date: "${facts.first}" },
            result: "start",
          },
        },
        { any: goIf("due >= start", "name") },
        { nothing: { return: "no period is due yet" } },
        { name: { call: "label", args: { grain: "${facts.grain}", number: "${due}" }, result: "period" } },
        ...markerSteps,
        {
          look: {
            ...apiCall(
              "get",
              `\${"https://storage.googleapis.com/storage/v1/b/${lake}/o/" + text.url_encode(path)}`,
              "seen",
            ),
            except: {
              as: "error",
              steps: [
                {
                  unseen: {
                    switch: [
                      {
                        condition: '${not(default(map.get(error, "code"), 0) == 404)}',
                        steps: [
                          {
                            unknown: {
                              raise: {
                                dataset: "${dataset}",
                                message:
                                  '${dataset + ": period " + period + " cannot be looked for in the lake"}',
                                error: "${error}",
                              },
                            },
                          },
                        ],
                      },
                    ],
                  },
                },
                {
                  missing: {
                    raise: {
                      dataset: "${dataset}",
                      message:
                        '${dataset + ": period " + period + " is due and not in the lake (" + path + ")"}',
                    },
                  },
                },
              ],
            },
          },
        },
        { finish: { return: "${period}" } },
      ],
    },
    facts: factsSubworkflow(specifications),
    number: numberSubworkflow,
    label: labelSubworkflow,
  };
}

/** Checks the data set of one object, and goes on whatever is found. */
const itemSteps: readonly Step[] = [
  { something_else: goIf('text.replace_all(item.name, ".json", "") == item.name', "continue") },
  {
    check_one: {
      try: {
        steps: [
          { count_one: { assign: [{ checked: "${checked + 1}" }] } },
          {
            look: {
              call: "check",
              args: { dataset: '${text.replace_all(item.name, ".json", "")}' },
              result: "state",
            },
          },
        ],
      },
      except: {
        as: "failure",
        steps: [
          { count_overdue: { assign: [{ count: "${count + 1}" }] } },
          {
            record: {
              call: "sys.log",
              args: { severity: "ERROR", json: { object: "${item.name}", failure: "${failure}" } },
            },
          },
          {
            few: {
              switch: [
                {
                  condition: `\${len(overdue) < ${maxOverdue}}`,
                  steps: [{ note: { assign: [{ overdue: "${list.concat(overdue, failure)}" }] } }],
                },
              ],
            },
          },
        ],
      },
    },
  },
];

/** Where the parts of a period are in its label, and how long a label with them is at least. */
const places = [
  { part: "year", from: 0, to: 4 },
  { part: "quarter", from: 6, to: 7 },
  { part: "month", from: 5, to: 7 },
  { part: "week", from: 6, to: 8 },
  { part: "day", from: 8, to: 10 },
  { part: "hour", from: 11, to: 13 },
] as const;

/** Replaces the placeholders of the marker with the parts of the period, as the variable `path`. */
const markerSteps: readonly Step[] = [
  { marker: { assign: [{ path: "${facts.marker}" }] } },
  // The marker of a grain has only the placeholders of its own parts.
  ...places.map(({ part, from, to }) =>
    setIf(
      part,
      `len(period) >= ${to}`,
      "path",
      `text.replace_all(path, "{${part}}", text.substring(period, ${from}, ${to}))`,
    ),
  ),
];
