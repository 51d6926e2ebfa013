/** Amazon S3, or another object store with the same API. */
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from "@smithy/types";
import { messageOf } from "../../errors/thrown";
import { Failure } from "../failure";
import { checksumNames } from "./checksum";
import type { Server } from "./download";
import type { Answer, Headers } from "./http-request";

export interface S3Object {
  readonly bucket: string;
  readonly name: string;
}

export interface S3Settings {
  /** URL of another object store: `https://minio.example.com`. @default - Amazon's, by region */
  readonly endpoint?: string;
  readonly region: string;
  readonly credentials: AwsCredentialIdentityProvider;
}

/** Settings from the environment variables of the AWS CLI: keys, profile, web identity, container, instance metadata. */
export async function s3Settings(variables: NodeJS.ProcessEnv): Promise<S3Settings> {
  const { defaultProvider } = await import("@aws-sdk/credential-provider-node");
  const endpoint = variables["AWS_ENDPOINT_URL_S3"] || variables["AWS_ENDPOINT_URL"];
  return {
    ...(endpoint && { endpoint }),
    region: variables["AWS_REGION"] || variables["AWS_DEFAULT_REGION"] || "us-east-1",
    credentials: defaultProvider({ timeout: 1000, maxRetries: 1 }),
  };
}

/**
 * The URL of an object.
 *
 * @throws Failure permanent for a name that a URL cannot contain
 */
export function s3Url(
  { bucket, name }: S3Object,
  { endpoint, region }: Omit<S3Settings, "credentials">,
): string {
  const segments = name.split("/");
  if (segments.some((segment) => segment === "." || segment === ".."))
    throw new Failure(
      "permanent",
      `s3://${bucket}/${name} cannot be read: its name has a "." or ".." segment, which a URL cannot contain`,
    );
  // S3's signature requires percent-encoding for all characters except letters, digits and -._~
  const path = segments
    .map((segment) =>
      encodeURIComponent(segment).replace(
        /[!'()*]/g,
        (text) => `%${text.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
    )
    .join("/");
  if (endpoint !== undefined) return `${endpoint.replace(/\/+$/, "")}/${bucket}/${path}`;
  const domain = `s3.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
  // The certificate is valid for one label before the domain.
  return /^[a-z0-9-]+$/.test(bucket)
    ? `https://${bucket}.${domain}/${path}`
    : `https://${domain}/${bucket}/${path}`;
}

/** The object is in another region than the requested one. */
export class OtherRegionError extends Failure {
  constructor(
    readonly region: string,
    shown: string,
  ) {
    super("permanent", `${shown} is in region ${region}: set AWS_REGION`);
  }
}

/** @param shown the object, for messages */
export async function s3Server({ region, credentials }: S3Settings, shown: string): Promise<Server> {
  const identity = await identityOf(credentials, shown);
  const { SignatureV4 } = await import("@smithy/signature-v4");
  const { Sha256 } = await import("@aws-sdk/checksums/sha");
  const signer = new SignatureV4({
    service: "s3",
    region,
    credentials,
    sha256: Sha256,
    uriEscapePath: false,
  });
  return {
    precondition: "if-match",
    headers: async (url, redirected, wanted): Promise<Headers> => {
      if (redirected && !/\.amazonaws\.com(\.cn)?$/.test(url.hostname)) return wanted;
      const { headers } = await signer.sign({
        method: "GET",
        protocol: url.protocol,
        hostname: url.hostname,
        ...(url.port !== "" && { port: Number(url.port) }),
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: { ...wanted, host: url.host, "x-amz-checksum-mode": "ENABLED" },
      });
      return headers;
    },
    checksum: wholeChecksum,
    refusal: (answer) => s3Refusal(answer, { region, shown, key: identity.accessKeyId }),
  };
}

async function identityOf(
  credentials: AwsCredentialIdentityProvider,
  shown: string,
): Promise<AwsCredentialIdentity> {
  try {
    return await credentials();
  } catch (error) {
    throw new Failure(
      "permanent",
      `${shown} cannot be read: the scheme s3 requires AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or an identity ` +
        `(AWS_PROFILE, AWS_ROLE_ARN with AWS_WEB_IDENTITY_TOKEN_FILE) in the environment (${messageOf(error)}); for a public object, use its https address`,
      { cause: error },
    );
  }
}

/** Checksum of the whole object. A multipart upload may only have checksums of its parts, which end in their number. */
export function wholeChecksum({ header }: Pick<Answer, "header">): string | undefined {
  if (header("x-amz-checksum-type")?.toUpperCase() !== "COMPOSITE") {
    for (const name of checksumNames) {
      const value = header(`x-amz-checksum-${name}`);
      if (value !== undefined && !/-\d+$/.test(value)) return `${name}:${value}`;
    }
  }
  // Only Amazon documents when the ETag is an MD5 hash: for a single part, without a customer-provided key.
  const [, md5] = /^"([0-9a-f]{32})"$/.exec(header("etag") ?? "") ?? [];
  const encryption = header("x-amz-server-side-encryption") ?? "AES256";
  const ownKey = header("x-amz-server-side-encryption-customer-algorithm");
  if (md5 === undefined || header("server") !== "AmazonS3" || encryption !== "AES256" || ownKey !== undefined)
    return undefined;
  return `md5:${Buffer.from(md5, "hex").toString("base64")}`;
}

async function s3Refusal(
  answer: Answer,
  { region, shown, key }: { readonly region: string; readonly shown: string; readonly key: string },
): Promise<Error | undefined> {
  const actual = answer.header("x-amz-bucket-region");
  if ([301, 307, 400].includes(answer.status) && actual !== undefined && actual !== region)
    return new OtherRegionError(actual, shown);
  const code = await codeIn(answer);
  const permanent = (text: string) =>
    new Failure("permanent", `${shown} ${text} (${answer.statusText}, ${code})`);
  switch (code) {
    case "NoSuchBucket":
      return permanent("cannot be read: the bucket does not exist");
    case "NoSuchKey":
      return permanent("does not exist: it is not published yet, or has moved");
    case "AccessDenied":
    case "AllAccessDisabled":
      return permanent(
        `cannot be read: access denied; check that key ${key} has the permission s3:GetObject`,
      );
    case "InvalidAccessKeyId":
    case "SignatureDoesNotMatch":
    case "ExpiredToken":
    case "InvalidToken":
      return permanent(
        "cannot be read: check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN",
      );
    case "RequestTimeTooSkewed":
      return permanent("cannot be read: the clock of this machine is wrong");
    case "InvalidObjectState":
      return permanent("is archived: restore it first");
    default:
      return undefined;
  }
}

/** The code in S3's error response. */
async function codeIn(answer: Answer): Promise<string> {
  let text = "";
  try {
    for await (const chunk of answer.body()) {
      text += chunk.toString("utf8");
      if (text.length > 10_000) break;
    }
  } catch {
    // The response is incomplete: use only its status.
  }
  return /<Code>(\w{1,60})<\/Code>/.exec(text)?.[1] ?? "";
}
