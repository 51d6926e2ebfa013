/**
 * The part of an override file that keeps the AWS provider from asking AWS for the account. Empty without AWS providers.
 *
 * @param providers blocks of the AWS provider in the configuration
 */
export function offlineAws(providers: readonly { readonly alias?: string | undefined }[]): object {
  if (providers.length === 0) return {};
  const aws = providers.map(({ alias }) => ({
    ...(alias !== undefined && { alias }),
    skip_credentials_validation: true,
    skip_requesting_account_id: true,
    skip_metadata_api_check: "true",
  }));
  return { provider: { aws } };
}
