/** Parses requests to BigQuery. */
import * as z from "zod/mini";
import { type LoadJob, loadJob } from "./bigquery-load";
import type { Asked } from "./front";

/** The load job of an insert request, or undefined for other requests. */
export function loadIn({ method, path, headers, body }: Asked): LoadJob | undefined {
  if (method !== "POST" || !/^\/bigquery\/v2\/projects\/[^/]+\/jobs(\?|$)/.test(path)) return undefined;
  if (!headers["content-type"]?.includes("json")) return undefined;
  const read = loadJob.safeParse(JSON.parse(body.toString()));
  return read.success ? read.data : undefined;
}

/** The requested job and its location, or undefined for other requests. */
export function jobAskedFor({ path }: Asked): { id: string; label: string; location?: string } | undefined {
  const { pathname, searchParams } = new URL(path, "http://any");
  const [, project, id] = /\/projects\/([^/]+)\/(?:jobs|queries)\/([^/]+)/.exec(pathname) ?? [];
  if (project === undefined || id === undefined) return undefined;
  const location = searchParams.get("location");
  return { id, label: `${project}:${id}`, ...(location !== null && { location }) };
}

/** Whether a table name in the request has a partition. */
export function namesPartition({ path, body }: Asked): boolean {
  return (
    /\/tables\/[^/]*\$/.test(decodeURIComponent(new URL(path, "http://any").pathname)) ||
    // The first bytes only: in an upload, the rest are rows.
    /"tableId"\s*:\s*"[^"]*\$/.test(body.subarray(0, 100_000).toString("latin1"))
  );
}

const placed = z.object({
  location: z.optional(z.string()),
  jobReference: z.optional(z.object({ location: z.optional(z.string()) })),
});

/** The location of a new job, if specified. */
export function locationOf({ headers, body }: Asked): string | undefined {
  if (body.length === 0 || !headers["content-type"]?.startsWith("application/json")) return undefined;
  const read = placed.safeParse(JSON.parse(body.toString()));
  return read.data?.jobReference?.location ?? read.data?.location;
}
