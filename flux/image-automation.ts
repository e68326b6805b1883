import type { IImagePolicy } from '@kubernetes-models/flux-cd/image.toolkit.fluxcd.io/v1/ImagePolicy';
import type { IImageRepository } from '@kubernetes-models/flux-cd/image.toolkit.fluxcd.io/v1/ImageRepository';
import type { IImageUpdateAutomation } from '@kubernetes-models/flux-cd/image.toolkit.fluxcd.io/v1/ImageUpdateAutomation';
import { Construct } from 'constructs';
import { CustomResource } from '../charts/custom-resource.ts';
import { FLUX_NAMESPACE, REPOSITORY, RING_LABEL } from './names.ts';

/** Which versions a ring takes by itself. */
export type AutomatedImages = 'pre-releases' | 'releases';

/** The semver ranges behind the words: a comparator with a pre-release is what lets pre-releases in. */
const RANGES: Record<AutomatedImages, string> = { 'pre-releases': '>=0.0.0-0', releases: '>=0.0.0' };

/** How Flux may read a registry: as everybody, by the AWS role of its image reflector, or with a Secret. */
export type RegistryAccess = 'everybody' | 'aws-role' | { pullSecret: string };

export interface ImageSourceProps {
  /** The image without a tag: `ghcr.io/slipway/conduit`. */
  image: string;
  /** @default everybody */
  access?: RegistryAccess;
}

/** An image whose tags Flux watches. The id is the app's name. */
export class ImageSource extends Construct {
  constructor(scope: Construct, id: string, { image, access = 'everybody' }: ImageSourceProps) {
    super(scope, id);
    new CustomResource<IImageRepository>(this, 'repository', {
      apiVersion: 'image.toolkit.fluxcd.io/v1',
      kind: 'ImageRepository',
      metadata: { name: id, namespace: FLUX_NAMESPACE },
      spec: {
        image,
        interval: '1m',
        ...(access === 'aws-role' && { provider: 'aws' }),
        ...(typeof access === 'object' && { secretRef: { name: access.pullSecret } }),
      },
    });
  }
}

export interface RingPolicyProps {
  /** The app, which is also the name of its {@link ImageSource}. */
  app: string;
  ring: string;
  images: AutomatedImages;
}

/** Which tag of an app's image a ring runs. The id is its name, which the setter markers carry. */
export class RingPolicy extends Construct {
  constructor(scope: Construct, id: string, props: RingPolicyProps) {
    super(scope, id);
    new CustomResource<IImagePolicy>(this, 'policy', {
      apiVersion: 'image.toolkit.fluxcd.io/v1',
      kind: 'ImagePolicy',
      metadata: { name: id, namespace: FLUX_NAMESPACE, labels: { [RING_LABEL]: props.ring } },
      spec: {
        imageRepositoryRef: { name: props.app },
        policy: { semver: { range: RANGES[props.images] } },
        // The digest is written beside the tag, so that what was tested is what runs.
        digestReflectionPolicy: 'IfNotPresent',
      },
    });
  }
}

export interface RingAutomationProps {
  ring: string;
  /** The branch it reads and writes. */
  branch: string;
}

/** Writes the newest images of a ring into the repo: one commit for `apps/images.yaml` and `dist/` together. */
export class RingAutomation extends Construct {
  constructor(scope: Construct, id: string, props: RingAutomationProps) {
    super(scope, id);
    new CustomResource<IImageUpdateAutomation>(this, 'automation', {
      apiVersion: 'image.toolkit.fluxcd.io/v1',
      kind: 'ImageUpdateAutomation',
      metadata: { name: id, namespace: FLUX_NAMESPACE },
      spec: {
        interval: '5m',
        sourceRef: REPOSITORY,
        policySelector: { matchLabels: { [RING_LABEL]: props.ring } },
        git: {
          checkout: { ref: { branch: props.branch } },
          commit: {
            author: { name: 'flux', email: 'flux@users.noreply.github.com' },
            messageTemplate: commitMessage(props.ring),
          },
          // The branch it reads: another one would be made anew and force-pushed at each interval.
          push: { branch: props.branch },
        },
        update: { path: '.', strategy: 'Setters' },
      },
    });
  }
}

/** A commit message in Go's template language: the ring, and for each policy what changed from what to what. */
function commitMessage(ring: string): string {
  return `chore(images): update ${ring}

{{ range .Changed.Changes -}}
- {{ .Setter }}: {{ .OldValue }} -> {{ .NewValue }}
{{ end -}}
`;
}
