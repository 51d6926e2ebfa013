import type { PipelinePeriods } from "./pipeline";
import { periodExpressions } from "./period-expressions";
import type { WorkflowSource } from "../constructs/workflow-source";
import { apiCall, goIf, setIf } from "./steps";

/** Which period must be in the lake, and by when. */
export interface Freshness {
  /** Id of the data set, for messages. */
  readonly dataset: string;
  /** Name of the lake's bucket. */
  readonly bucket: string;
  /** Path of the object that marks a period as complete, with `{year}`, `{month}`, and `{day}` for its date. */
  readonly marker: string;
  /** The periods of the data set, and which one is due. */
  readonly periods: Exclude<PipelinePeriods, { readonly grain: "once" }>;
  /** Seconds from the start of a period until the period that is due then must be complete. */
  readonly latenessSeconds: number;
}

/** A Google Workflows program that fails when the period that is due is not in the lake, or when it cannot check. */
export function freshnessDefinition({
  dataset,
  bucket,
  marker,
  periods,
  latenessSeconds,
}: Freshness): WorkflowSource {
  const { numberOf, nameOf, numberAt } = periodExpressions(periods.grain);
  const now = `sys.now() - ${latenessSeconds}`;
  return {
    main: {
      steps: [
        { due: { assign: [{ number: `\${${numberAt(now, periods.timeZone)} - ${periods.behind}}` }] } },
        ...(periods.last === undefined
          ? []
          : [
              { latest: { assign: [{ limit: `\${${numberOf(`"${periods.last}"`)}}` }] } },
              setIf("not_after", "number > limit", "number", "limit"),
            ]),
        { any: goIf(`number >= ${numberOf(`"${periods.first}"`)}`, "name") },
        { nothing: { return: "no period is due yet" } },
        { name: { assign: [{ period: `\${${nameOf("number")}}` }, { path: `\${${path(marker)}}` }] } },
        {
          look: {
            ...apiCall(
              "get",
              `\${"https://storage.googleapis.com/storage/v1/b/${bucket}/o/" + text.url_encode(path)}`,
              "found",
            ),
            except: {
              as: "error",
              steps: [
                {
                  record: {
                    call: "sys.log",
                    args: { severity: "ERROR", json: { dataset, period: "${period}", error: "${error}" } },
                  },
                },
                {
                  not_seen: {
                    switch: [
                      {
                        condition: '${not(default(map.get(error, "code"), 0) == 404)}',
                        steps: [{ unknown: { raise: "${error}" } }],
                      },
                    ],
                  },
                },
                {
                  fail: {
                    raise: `\${"${dataset}: period " + period + " is due and not in the lake (" + path + ")"}`,
                  },
                },
              ],
            },
          },
        },
        { finish: { return: "${period}" } },
      ],
    },
  };
}

/** The path of the marker for the variable `period`, as an expression. */
function path(marker: string): string {
  const part = { year: [0, 4], month: [5, 7], day: [8, 10] } as const;
  return marker
    .split(/(\{(?:year|month|day)\})/)
    .map((text) => {
      const name = /^\{(year|month|day)\}$/.exec(text)?.[1];
      if (name !== "year" && name !== "month" && name !== "day") return JSON.stringify(text);
      return `text.substring(period, ${part[name].join(", ")})`;
    })
    .join(" + ");
}
