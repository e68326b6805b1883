import {
  CERTIFICATES_NAMESPACE,
  PREVIOUS_ANCHOR,
  PREVIOUS_ANCHOR_LABEL,
  TRUST_ANCHOR,
} from '../../../charts/linkerd-names.ts';
import { count } from '../count.ts';
import { UserError } from '../user-error.ts';
import { isSame, isSignedBy, type MeshState, type PreviousAnchor, type Workload } from './state.ts';

/** What is done next. All but `wait`, `later` and `done` change the cluster. */
export type Action = { says: string } & (
  | { do: 'keep' }
  | { do: 'sign-with'; secret: string }
  | { do: 'renew-anchor' }
  | { do: 'renew-issuer' }
  | { do: 'restart'; workloads: readonly Workload[] }
  | { do: 'note-issuer' }
  | { do: 'distrust' }
  | { do: 'drop' }
  | { do: 'wait' }
  | { do: 'later'; at: Date }
  | { do: 'done' }
);

/** An identity is good for a day, and clocks may differ a little. @see flux/add-ons/linkerd-certificates.ts */
const IDENTITY_MS = (24 * 60 + 5) * 60_000;

const DAY_MS = 86_400_000;

/** An anchor that is younger was just exchanged: whoever insists once more has only repeated a command. */
const YOUNG_DAYS = 7;

/** With less than this left an anchor is due, and an alert says so. */
const DUE_DAYS = 365;

/**
 * The next step of a rotation, told from the cluster alone, so that a rotation can be gone on with wherever it was left.
 *
 * At each moment every proxy must trust what every other one shows. A proxy trusts the bundle that it was started with, and
 * shows a certificate for a day. So the new anchor is first trusted everywhere while the old one goes on signing; then it
 * signs; and the old one is trusted until the last that it has signed has ended.
 *
 * @param state what the cluster holds
 * @param force to begin a rotation though none is due
 * @throws UserError when the cluster is in a state from which no step is safe
 */
export function nextAction(state: MeshState, force = false): Action {
  return state.previous === undefined ? withoutPrevious(state, force) : withPrevious(state, state.previous);
}

/** Nothing is under way. */
function withoutPrevious(state: MeshState, force: boolean): Action {
  const { anchor, signer, issuer, now } = state;
  if (signer.secret !== TRUST_ANCHOR) {
    throw new UserError(
      `the ClusterIssuer signs with ${signer.secret}, which is not there; docs/runbooks/rotate-the-trust-anchor.md says what to do`,
    );
  }
  if (anchor.isIssuing || issuer.isIssuing) return wait('cert-manager issues');
  if (!isSignedBy(issuer.certificate, anchor.certificate)) {
    throw new UserError(
      'the anchor was renewed and is not what signed the issuer of identities, and no copy of the one before is there: pods that start now are strangers to the others; docs/runbooks/rotate-the-trust-anchor.md says what to do',
    );
  }
  const days = Math.floor((anchor.certificate.validToDate.getTime() - now.getTime()) / DAY_MS);
  const age = now.getTime() - anchor.certificate.validFromDate.getTime();
  if (days < DUE_DAYS || (force && age > YOUNG_DAYS * DAY_MS)) {
    return {
      do: 'keep',
      says: `the anchor ends in ${count(days, 'day')}: keep a copy that is trusted beside the next`,
    };
  }
  const why = force
    ? `it was issued less than ${count(YOUNG_DAYS, 'day')} ago`
    : 'with --force it is exchanged all the same';
  return { do: 'done', says: `nothing to do: the anchor is good for ${count(days, 'day')}; ${why}` };
}

function withPrevious(state: MeshState, previous: PreviousAnchor): Action {
  const { anchor, signer, issuer, bundle, now } = state;
  if (!previous.isTrusted) return withDistrusted(state);
  if (isSame(anchor.certificate, previous.certificate)) return renewAnchor(state, previous);
  if (anchor.isIssuing) return wait('cert-manager issues the anchor');

  const both = [anchor.certificate, previous.certificate];
  if (!both.every((one) => bundle.some((trusted) => isSame(trusted, one))))
    return wait('trust-manager hands out a bundle with both anchors');

  const isOld = !isSignedBy(issuer.certificate, anchor.certificate);
  const restart = restartStale(state);
  if (restart) return isOld && signer.secret === TRUST_ANCHOR ? hold(previous) : restart;

  if (signer.secret !== TRUST_ANCHOR)
    return signWith(TRUST_ANCHOR, 'every proxy trusts the new anchor: it signs from now on');
  if (!signer.isReady) return wait('cert-manager takes up the new anchor');
  if (issuer.isIssuing) return wait('cert-manager issues the issuer of identities');
  if (isOld) return { do: 'renew-issuer', says: 'renew the issuer, signed by the new anchor' };

  if (previous.issuerMovedAt === undefined)
    return { do: 'note-issuer', says: 'the issuer is signed by the new anchor: note the time' };
  const at = new Date(previous.issuerMovedAt.getTime() + IDENTITY_MS);
  if (now < at)
    return { do: 'later', at, says: 'identities that the old anchor stands behind are shown until then' };
  return { do: 'distrust', says: 'nothing shows what the old anchor stands behind: it is trusted no more' };
}

/** The old anchor is out of the bundle. Pods that were started before still trust it. */
function withDistrusted(state: MeshState): Action {
  const { anchor, signer, issuer, bundle } = state;
  if (signer.secret !== TRUST_ANCHOR || !isSignedBy(issuer.certificate, anchor.certificate)) {
    const [label] = Object.entries(PREVIOUS_ANCHOR_LABEL);
    throw new UserError(
      `the Secret ${PREVIOUS_ANCHOR} has lost its label while it signs; give it back: kubectl --namespace ${CERTIFICATES_NAMESPACE} label secret ${PREVIOUS_ANCHOR} ${label?.join('=')}`,
    );
  }
  if (bundle.length !== 1 || !bundle.every((one) => isSame(one, anchor.certificate)))
    return wait('trust-manager hands out a bundle without the old anchor');
  return restartStale(state) ?? { do: 'drop', says: 'nobody trusts the old anchor: delete it' };
}

/** The anchor is kept and not renewed yet. The kept one goes on signing, so that nothing hangs on how long all this takes. */
function renewAnchor({ anchor, signer }: MeshState, previous: PreviousAnchor): Action {
  if (signer.secret !== PREVIOUS_ANCHOR) return hold(previous);
  if (!signer.isReady) return wait('cert-manager takes up the copy');
  if (anchor.isIssuing) return wait('cert-manager issues the anchor');
  return { do: 'renew-anchor', says: 'renew the anchor' };
}

function hold({ hasKey }: PreviousAnchor): Action {
  if (hasKey)
    return signWith(PREVIOUS_ANCHOR, 'the copy goes on signing until every proxy trusts the next anchor');
  throw new UserError(
    `the Secret ${PREVIOUS_ANCHOR} holds no private key, so the old anchor cannot go on signing; docs/runbooks/rotate-the-trust-anchor.md says what to do`,
  );
}

/** What makes pods trust the bundle as it is now, if some don't: the control plane first, then all others. */
function restartStale({ stale: { controlPlane, others, alone }, releases }: MeshState): Action | undefined {
  for (const workloads of [controlPlane, others]) {
    if (workloads.length === 0) continue;
    const untold = workloads.filter(({ isTold }) => !isTold);
    if (untold.length === 0) return wait(`pods start anew: ${names(workloads)}`);
    if (workloads === others && releases.length > 0) return wait(`releases end: ${releases.join(', ')}`);
    return {
      do: 'restart',
      workloads: untold,
      says: `start anew what trusts another bundle: ${names(untold)}`,
    };
  }
  return alone.length > 0 ? wait(`pods end that nothing starts anew: ${alone.join(', ')}`) : undefined;
}

function signWith(secret: string, says: string): Action {
  return { do: 'sign-with', secret, says };
}

function wait(what: string): Action {
  return { do: 'wait', says: `wait until ${what}` };
}

function names(workloads: readonly Workload[]): string {
  return workloads.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`).join(', ');
}
