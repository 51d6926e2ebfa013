import { setTimeout } from "node:timers/promises";
import * as z from "zod/mini";
import { blocksOf, type StackFolder } from "../terraform/stack-folder";

/** A peering of a network with that of Google's services, which the stack of the network creates. */
export interface Peering {
  readonly project: string;
  readonly network: string;
}

/**
 * The peerings that a stack would leave behind. Google keeps its side for some days after a database is deleted, and
 * refuses to delete the connection; the network cannot be deleted as long as it has a peering.
 */
export function peeringsOf({ configuration }: StackFolder): Peering[] {
  const { google_service_networking_connection: connections = {}, google_compute_network: networks = {} } =
    configuration.resource;
  const [provider] = blocksOf(configuration, "google");
  return Object.values(connections).flatMap(({ network }) => {
    // A network of another stack keeps its peering.
    const [, id = ""] =
      /^\$\{google_compute_network\.([\w-]+)\.(?:id|self_link|name)\}$/.exec(String(network)) ?? [];
    const own = named.safeParse({ project: provider?.project, ...networks[id] });
    return own.success ? [{ project: own.data.project, network: own.data.name }] : [];
  });
}

/**
 * Removes a peering from our side, as the console does, and waits until it is gone. The variables of the provider select
 * the credentials and the endpoint.
 *
 * @throws Error when Compute Engine refuses
 */
export async function removePeering({ project, network }: Peering, signal: AbortSignal): Promise<void> {
  const api = process.env.GOOGLE_COMPUTE_CUSTOM_ENDPOINT ?? "https://compute.googleapis.com/compute/v1/";
  const authorization = `Bearer ${await accessToken()}`;
  const ask = async (method: "GET" | "POST", path: string, body?: object) => {
    const response = await fetch(new URL(path, api), {
      method,
      headers: { authorization, "content-type": "application/json" },
      signal,
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.ok) return operation.parse(JSON.parse(text));
    // The network, or the peering, is gone already.
    if (response.status === 404 || /no peering|not found|does not exist/i.test(text)) return undefined;
    throw new Error(`the peering of the network ${network} cannot be removed: ${response.status} ${text}`);
  };
  let state = await ask("POST", `projects/${project}/global/networks/${network}/removePeering`, {
    name: "servicenetworking-googleapis-com",
  });
  while (state !== undefined && state.status !== "DONE") {
    await setTimeout(pollMilliseconds, undefined, { signal });
    state = await ask("GET", `projects/${project}/global/operations/${state.name}`);
  }
  if (state?.error !== undefined)
    throw new Error(
      `the peering of the network ${network} cannot be removed: ${state.error.errors.map(({ message }) => message).join("; ")}`,
    );
}

const pollMilliseconds = 1000;

async function accessToken(): Promise<string> {
  const given = process.env.GOOGLE_OAUTH_ACCESS_TOKEN;
  if (given !== undefined && given !== "") return given;
  const { GoogleAuth } = await import("google-auth-library");
  const scopes = ["https://www.googleapis.com/auth/cloud-platform"];
  return (await new GoogleAuth({ scopes }).getAccessToken()) ?? "";
}

const named = z.looseObject({ project: z.string(), name: z.string() });
const operation = z.looseObject({
  name: z.string(),
  status: z.string(),
  error: z.optional(z.looseObject({ errors: z.array(z.looseObject({ message: z.string() })) })),
});
