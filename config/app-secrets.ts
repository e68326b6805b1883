/**
 * The secrets that the CDK makes for apps, by app and by what they are called after `<cluster>/<app>/`. Each is a JSON object:
 * `generated` names the key that gets a value nobody has seen, and `others` what stands beside it.
 *
 * Whatever else apps and add-ons read from Secrets Manager is put there by a person: see docs/aws.md.
 */
export const APP_SECRETS: Readonly<
  Record<string, Readonly<Record<string, { generated: string; others: Readonly<Record<string, string>> }>>>
> = {
  conduit: {
    // @see docs/runbooks/exchange-the-session-key.md
    'session-key': { generated: 'current', others: { previous: '' } },
  },
};
