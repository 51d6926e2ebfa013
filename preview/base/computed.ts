import { createHash } from "node:crypto";

type Values = Readonly<Record<string, unknown>>;

/**
 * Returns a placeholder for a value that the provider computes and whose format other resources validate when they are
 * planned.
 *
 * @returns undefined if any text is valid
 */
export function computedValue(type: string, attribute: string, values: Values): string | undefined {
  return computed[type]?.(values)[attribute];
}

/**
 * Returns the value that a provider stores instead of the planned one.
 *
 * @returns undefined if it stores the planned value
 */
export function storedValue(type: string, attribute: string, values: Values): string | undefined {
  // The provider compares these hashes with that of the content. The planned `detect_md5hash` is "different hash".
  if (
    type === "google_storage_bucket_object" &&
    ["detect_md5hash", "md5hash"].includes(attribute) &&
    typeof values.content === "string"
  )
    return createHash("md5").update(values.content).digest("base64");
  return undefined;
}

/** By type. The formats are documented by the provider, as the exported attributes of each resource. */
const computed: Readonly<Record<string, (values: Values) => Readonly<Record<string, string>>>> = {
  google_service_account: (values) => {
    const email = `${text(values, "account_id")}@${text(values, "project")}.iam.gserviceaccount.com`;
    const name = `projects/${text(values, "project")}/serviceAccounts/${email}`;
    return { email, member: `serviceAccount:${email}`, name, id: name, unique_id: "100000000000000000000" };
  },
  google_iam_workload_identity_pool: (values) => {
    const name = `projects/100000000000/locations/global/workloadIdentityPools/${text(values, "workload_identity_pool_id")}`;
    return { name, id: name };
  },
  google_kms_key_ring: (values) => {
    const id = `projects/${text(values, "project")}/locations/${text(values, "location")}/keyRings/${text(values, "name")}`;
    return { id };
  },
  google_kms_crypto_key: (values) => ({
    id: `${text(values, "key_ring")}/cryptoKeys/${text(values, "name")}`,
  }),
  google_compute_network: (values) => {
    const id = `projects/${text(values, "project")}/global/networks/${text(values, "name")}`;
    return { id, self_link: `https://www.googleapis.com/compute/v1/${id}` };
  },
  google_compute_subnetwork: (values) => {
    const id = `projects/${text(values, "project")}/regions/${text(values, "region")}/subnetworks/${text(values, "name")}`;
    return { id, self_link: `https://www.googleapis.com/compute/v1/${id}` };
  },
  google_pubsub_topic: (values) => ({
    id: `projects/${text(values, "project")}/topics/${text(values, "name")}`,
  }),
  google_secret_manager_secret: (values) => {
    const id = `projects/${text(values, "project")}/secrets/${text(values, "secret_id")}`;
    return { id, name: id };
  },
};

function text(values: Values, attribute: string): string {
  const value = values[attribute];
  return typeof value === "string" ? value : `${attribute}-not-known`;
}
