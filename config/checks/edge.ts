// How users get in, and who may open the dashboards.
import { list, object, oneOf, unique } from './shapes.ts';
import { cidr, domainName, issuerUrl, reason } from './values.ts';

const ACCESS = ['public', 'internal'] as const;

const signIn = object({
  /** The address of the OIDC provider that vouches for people, as its tokens name it: `https://login.slipway.example`. */
  issuer: issuerUrl(),
  /** Whose e-mail addresses let in: those at these domains. */
  emailDomains: unique(list(domainName(), { of: 'domains of e-mail addresses', min: 1 })),
  /**
   * They must be in one of these groups as well, as the provider tells in `groups`.
   *
   * @default in any group, or none
   */
  groups: unique(list(reason(), { of: 'names of groups', min: 1 })).optional(),
});

/** How the edge of a cluster is reached. */
export const edge = () =>
  object({
    /**
     * Whether its load balancer has addresses on the internet, or in the VPC alone. A load balancer can't change that: a new
     * one is made, and names move to it.
     *
     * @default public
     */
    access: oneOf(ACCESS).optional(),
    /**
     * IPv4 ranges from which it takes connections.
     *
     * @default everywhere
     */
    allowFrom: unique(list(cidr(), { of: 'IPv4 ranges', min: 1 })).optional(),
    /**
     * Who vouches for the people who open the dashboards.
     *
     * @default nobody: the dashboards have no address, and are opened by `kubectl port-forward`
     */
    signIn: signIn.optional(),
  }).default({});
