import type { Aws } from './aws.ts';

/** The secrets of a cluster in Secrets Manager: those that a person has put there outlive its stacks. */
export async function secretsOf(aws: Aws, region: string, cluster: string): Promise<string[]> {
  const { SecretList } = (await aws(region, 'secretsmanager list-secrets', {
    Filters: [{ Key: 'name', Values: [`${cluster}/`] }],
  })) as { SecretList: { Name: string }[] };
  return SecretList.map(({ Name }) => Name).filter((name) => name.startsWith(`${cluster}/`));
}
