import type { Subworkflow } from "../constructs/workflow-source";
import { periodicGrains } from "../dataset";
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

/** Length of a label by grain. A quarter's has as many characters as a month's, and a Q. */
const lengths = { year: 4, quarter: 7, month: 7, week: 8, day: 10, hour: 13 } as const;

/** The subworkflow that raises an error for a label of another grain: `2019` or `2019-01-31` for a month. */
export const validSubworkflow: Subworkflow = {
  params: ["grain", "label"],
  steps: [
    { none: goIf("label == null", "finish") },
    ...periodicGrains.map((grain) => ({
      [grain]: goIf(
        `grain == "${grain}" and len(label) == ${lengths[grain]}`,
        grain === "year" ? "finish" : "check_letter",
      ),
    })),
    { refused: goIf("true", "refuse") },
    {
      // Only labels of quarters and weeks have a letter there.
      check_letter: goIf(
        '((text.substring(label, 5, 6) == "Q") == (grain == "quarter")) and ((text.substring(label, 5, 6) == "W") == (grain == "week"))',
        "finish",
      ),
    },
    {
      refuse: {
        raise:
          '${"\\"" + label + "\\" is not a valid " + grain + ": use 2019-01 for a month, 2019-01-31 for a day, 2019-Q1, 2019-W05, 2019, 2019-01-31T05"}',
      },
    },
    { finish: { return: null } },
  ],
};
