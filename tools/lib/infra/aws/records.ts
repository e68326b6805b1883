import type { Aws } from './aws.ts';

interface ListHostedZones {
  HostedZones: { Id: string; Name: string; Config?: { PrivateZone?: boolean } }[];
}

interface ListRecords {
  ResourceRecordSets: { Name: string; Type: string; ResourceRecords?: { Value: string }[] }[];
}

/**
 * The names that external-dns of a cluster has written into the zone of a domain, by the records in which it says that
 * they are its own.
 *
 * @see https://kubernetes-sigs.github.io/external-dns/latest/docs/registry/txt/
 */
export async function recordsOf(
  aws: Aws,
  region: string,
  domain: string,
  cluster: string,
): Promise<string[]> {
  const { HostedZones } = (await aws(region, 'route53 list-hosted-zones-by-name', {
    DNSName: domain,
  })) as ListHostedZones;
  const zone = HostedZones.find(({ Name, Config }) => Name === `${domain}.` && Config?.PrivateZone !== true);
  if (zone === undefined) return [];
  const { ResourceRecordSets } = (await aws(region, 'route53 list-resource-record-sets', {
    HostedZoneId: zone.Id,
  })) as ListRecords;
  // Between commas: one cluster's name may begin with another's.
  const owner = new RegExp(`external-dns/owner=${cluster}[,"]`);
  return ResourceRecordSets.filter(
    ({ Type, ResourceRecords = [] }) =>
      Type === 'TXT' && ResourceRecords.some(({ Value }) => owner.test(Value)),
  ).map(({ Name }) => `record ${Name}`);
}
