import { BigQueryApi, type Problem } from "./bigquery-api";
import { corrected, jobIn, justInserted, type KnownJob, notFound } from "./bigquery-jobs";
import { type LoadJob, loadPartition, withoutStaging } from "./bigquery-load";
import { decorated, Untranslatable } from "./bigquery-partition";
import { jobAskedFor, loadIn, locationOf, namesPartition } from "./bigquery-requests";
import { type Answer, type Asked, type Front, isJson, jsonAnswer, plain, startFront } from "./front";

export interface BigQueryFront extends Front {
  /** Reasons of 501 responses. Empty at the end of a test. */
  readonly untranslatable: readonly string[];
}

/**
 * A proxy in front of the BigQuery emulator that corrects differences from the real API:
 * - a load job into `table$201901` with WRITE_TRUNCATE replaces that partition
 * - a load job is running when its insertion returns, however small it is; and an id can be inserted once
 * - a job that creates a table from a query has that table as its destination
 * - a job is in the requested location, or else in that of its dataset; it is not found in other locations
 *
 * Any other request with a `$` in a table name returns 501, which clients do not retry: the emulator would interpret it as
 * the name of a table.
 *
 * @param url of the emulator: `http://127.0.0.1:<port>`
 */
export async function startBigQueryFront(url: string): Promise<BigQueryFront> {
  const translator = new Translator(new BigQueryApi(url));
  const untranslatable: string[] = [];
  const front = await startFront(url, async (asked, forward) => {
    try {
      const answer = await translator.answer(asked, forward);
      return isJson(answer)
        ? { ...answer, body: Buffer.from(withoutStaging(answer.body.toString())) }
        : answer;
    } catch (error) {
      if (!(error instanceof Untranslatable)) throw error;
      untranslatable.push(error.message);
      return plain(501, `The front of the emulator cannot translate this request: ${error.message}`);
    }
  });
  return { ...front, untranslatable };
}

type Forward = (asked: Asked) => Promise<Answer>;

class Translator {
  private readonly jobs = new Map<string, KnownJob>();
  private loads: Promise<unknown> = Promise.resolve();

  constructor(private readonly emulator: BigQueryApi) {}

  /** @throws Untranslatable */
  async answer(asked: Asked, forward: Forward): Promise<Answer> {
    const job = loadIn(asked);
    if (job !== undefined) {
      // Sequentially: of two concurrent requests with the same id, the emulator would run both.
      const answered = this.loads.then(() => this.insert(job, asked, forward));
      this.loads = answered.catch(() => undefined);
      return answered;
    }
    if (namesPartition(asked))
      throw new Untranslatable(`${asked.method} ${asked.path} with $ in a table's name`);
    const about = jobAskedFor(asked);
    if (about !== undefined) {
      // A load into a partition is not complete when the emulator reports that it is done.
      await this.loads;
      const at = this.jobs.get(about.id)?.location;
      if (at !== undefined && !isFoundFrom(about.location, at)) return notFound(`Job ${about.label}`);
    }
    return this.correctedAnswer(
      await forward(asked),
      (known) => known ?? { location: locationOf(asked) ?? "US" },
    );
  }

  private async insert(job: LoadJob, asked: Asked, forward: Forward): Promise<Answer> {
    const { destinationTable: table } = job.configuration.load;
    const there = await this.emulator.locationOf(table);
    const location = job.jobReference?.location ?? there ?? "US";
    if (there !== undefined && there !== location)
      return notFound(`Dataset ${table.projectId}:${table.datasetId} was not found in location ${location}`);
    const { answer, problem } = await this.load(job, (one) =>
      forward({ ...asked, body: Buffer.from(JSON.stringify(one)) }),
    );
    if (answer.status !== 200) return answer;
    return this.correctedAnswer(answer, () => ({ location, problem }), justInserted);
  }

  private async load(
    job: LoadJob,
    insert: (job: LoadJob) => Promise<Answer>,
  ): Promise<{ answer: Answer; problem?: Problem | undefined }> {
    return decorated(job.configuration.load.destinationTable.tableId) === undefined
      ? { answer: await insert(job) }
      : loadPartition(job, this.emulator, insert);
  }

  /** The emulator's response with the corrected state of the job. */
  private correctedAnswer(
    answer: Answer,
    facts: (known: KnownJob | undefined) => KnownJob,
    last: typeof justInserted = (job) => job,
  ): Answer {
    const job = isJson(answer) ? jobIn(answer) : undefined;
    if (job === undefined) return answer;
    const id = job.jobReference.jobId;
    const known = facts(this.jobs.get(id));
    this.jobs.set(id, known);
    return jsonAnswer(answer.status, last(corrected(job, known)));
  }
}

/** The location may be omitted for US and EU. */
function isFoundFrom(asked: string | undefined, location: string): boolean {
  return asked === undefined ? location === "US" || location === "EU" : asked === location;
}
