import type { Column, DatasetProps, DatasetSpec, SpecColumn } from "./dataset";
import { scheduleDefaults } from "./defaults";
import { grainRules } from "./grain";
import { refuseMalformed } from "./malformed";
import { periodColumn } from "./table";
import { validSpec } from "./validate";

/**
 * Defines a data set: applies the defaults and validates the result.
 *
 * @throws ConfigurationError listing every fault with its field
 */
export function defineDataset(props: DatasetProps): DatasetSpec {
  refuseMalformed(props);
  const { grain, schedule } = props;
  const partition = props.partition ?? (grain === "once" ? undefined : { column: periodColumn.name });
  return validSpec({
    ...props,
    source: {
      compression: "none",
      nullValues: props.source.format === "jsonl" ? [] : [""],
      delimiter: ",",
      quote: '"',
      ...props.source,
    },
    ...(schedule && { schedule: { ...scheduleDefaults, ...schedule } }),
    columns: props.columns.map(withDefaults),
    ...(partition && {
      partition: { granularity: grain === "once" ? "month" : grainRules[grain].granularity, ...partition },
    }),
    cluster: props.cluster ?? [],
    badRows: props.badRows ?? { action: "fail" },
  });
}

function withDefaults(column: Column): SpecColumn {
  return { mode: "NULLABLE", aliases: [], optional: false, ...column };
}
