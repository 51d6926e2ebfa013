import type { Subworkflow } from "../constructs/workflow-source";
import { goIf, setIf } from "./steps";

/**
 * The subworkflow that returns the numbers of the first and the last period to ingest: those from `from` to `to`, within
 * the data set's own, or the one that is due. None is left if the first is after the last.
 */
export const rangeSubworkflow: Subworkflow = {
  params: ["facts", "from", "to"],
  steps: [
    { periodic: goIf('facts.grain != "once"', "valid_from") },
    { whole: { return: { first: 0, last: 0 } } },
    { valid_from: { call: "valid", args: { grain: "${facts.grain}", label: "${from}" } } },
    { valid_to: { call: "valid", args: { grain: "${facts.grain}", label: "${to}" } } },
    { today: { assign: [{ date: "${time.format(sys.now(), facts.timeZone)}" }] } },
    { current: { call: "number", args: { grain: "${facts.grain}", date: "${date}" }, result: "now" } },
    { due: { assign: [{ last: "${now - facts.behind}" }] } },
    {
      until: {
        switch: [
          {
            condition: "${to != null}",
            steps: [
              {
                last_one: {
                  call: "number",
                  args: { grain: "${facts.grain}", date: "${to}" },
                  result: "last",
                },
              },
            ],
          },
        ],
      },
    },
    { one: { assign: [{ first: "${last}" }] } },
    {
      since: {
        switch: [
          {
            condition: "${from != null}",
            steps: [
              {
                first_one: {
                  call: "number",
                  args: { grain: "${facts.grain}", date: "${from}" },
                  result: "first",
                },
              },
            ],
          },
        ],
      },
    },
    {
      earliest: {
        call: "number",
        args: { grain: "${facts.grain}", date: "${facts.first}" },
        result: "limit",
      },
    },
    setIf("not_before", "first < limit", "first", "limit"),
    { endless: goIf("facts.last == null", "finish") },
    { latest: { call: "number", args: { grain: "${facts.grain}", date: "${facts.last}" }, result: "limit" } },
    setIf("not_after", "last > limit", "last", "limit"),
    { finish: { return: { first: "${first}", last: "${last}" } } },
  ],
};

/** The subworkflow that raises an error for a label of another grain: `2019` or `2019-01-31` for a month. */
export const validSubworkflow: Subworkflow = {
  params: ["grain", "label"],
  steps: [
    { none: goIf("label == null", "finish") },
    { month: goIf('grain == "month" and len(label) == 7', "finish") },
    { day: goIf('grain == "day" and len(label) == 10', "finish") },
    {
      refuse: {
        raise:
          '${"\\"" + label + "\\" is not a valid " + grain + ": use 2019-01 for a month, 2019-01-31 for a day"}',
      },
    },
    { finish: { return: null } },
  ],
};
