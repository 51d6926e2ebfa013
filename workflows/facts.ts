import { factBytes } from "../dataset";
import type { Subworkflow } from "../constructs/workflow-source";
import { apiCall } from "./steps";

/**
 * The subworkflow that returns what the workflows need to know of a data set, its `PipelineFacts`. It reads the first
 * line of the object `<id>.json` only: of the columns, which can be thousands, nothing is kept in memory.
 *
 * @param bucket name of the bucket with the specifications
 */
export function factsSubworkflow(bucket: string): Subworkflow {
  const url = `"https://storage.googleapis.com/storage/v1/b/${bucket}/o/" + text.url_encode(dataset + ".json")`;
  return {
    params: ["dataset"],
    steps: [
      {
        read: {
          ...apiCall("get", `\${${url} + "?alt=media"}`, "found", {
            headers: { Range: `bytes=0-${factBytes - 1}` },
          }),
          except: {
            as: "error",
            steps: [
              {
                absent: {
                  switch: [
                    {
                      condition: '${default(map.get(error, "code"), 0) == 404}',
                      steps: [
                        {
                          unknown: {
                            raise: `\${"data set " + dataset + " is not deployed: gs://${bucket}/" + dataset + ".json does not exist"}`,
                          },
                        },
                      ],
                    },
                  ],
                },
              },
              { unread: { raise: "${error}" } },
            ],
          },
        },
      },
      { first_line: { assign: [{ line: '${text.split(found.body, "\\n")[0]}' }] } },
      // It ends with a comma, after which the specification follows.
      { whole: { assign: [{ facts: '${json.decode(text.substring(line, 0, len(line) - 1) + "}")}' }] } },
      { finish: { return: "${facts.pipeline}" } },
    ],
  };
}
