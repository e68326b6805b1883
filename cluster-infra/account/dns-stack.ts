import { CfnOutput, Fn } from 'aws-cdk-lib';
import { PublicHostedZone, ZoneDelegationRecord } from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import { AccountPart, type AccountStackProps } from './account-stack.ts';

export interface DnsStackProps extends AccountStackProps {
  /** The domains of the rings that have clusters in the account. */
  domains: readonly string[];
}

/**
 * A hosted zone for each domain of the account's rings. A zone below another one of the same account is delegated to it here; for
 * one above in another account, or at a registrar, a person copies the name servers, once.
 */
export class DnsStack extends AccountPart {
  private readonly zones = new Map<string, PublicHostedZone>();

  constructor(scope: Construct, { domains, ...props }: DnsStackProps) {
    super(scope, 'dns', props);
    for (const domain of domains) this.zones.set(domain, this.addZone(domain));
    for (const [domain, zone] of this.zones) this.delegate(domain, zone);
  }

  /** The zone of a ring's domain. */
  zone(domain: string): PublicHostedZone {
    const zone = this.zones.get(domain);
    if (zone === undefined) throw new RangeError(`no zone for ${domain}`);
    return zone;
  }

  private addZone(domain: string): PublicHostedZone {
    const zone = new PublicHostedZone(this, `zone-${domain}`, { zoneName: domain });
    new CfnOutput(this, `name-servers-of-${domain}`, {
      value: Fn.join(' ', zone.hostedZoneNameServers ?? []),
      description: `What the zone above ${domain} must name as its NS record`,
    });
    return zone;
  }

  private delegate(domain: string, zone: PublicHostedZone): void {
    const above = [...this.zones.keys()]
      .filter((other) => domain.endsWith(`.${other}`))
      .sort((a, b) => b.length - a.length)[0];
    if (above === undefined) return;
    new ZoneDelegationRecord(this, `delegation-of-${domain}`, {
      zone: this.zone(above),
      recordName: domain,
      nameServers: zone.hostedZoneNameServers ?? [],
    });
  }
}
