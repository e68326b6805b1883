import type { AdmissionRule } from './admission-policy.ts';
import { celList, EPHEMERAL_CONTAINERS, POD_KINDS, POD_VARIABLES } from './pods.ts';

export interface ImageRuleProps {
  /** The name of the policy. */
  name: string;
  /** What the names of images may begin with: `ghcr.io/slipway/`, or all of one but its tag and digest. */
  allowed: readonly string[];
}

/**
 * Images come from registries that we know, and are what they were when they were tested.
 *
 * An image without a registry is one of Docker's, and is refused unless `docker.io/…` is allowed and written.
 */
export function imageRule({ name, allowed }: ImageRuleProps): AdmissionRule {
  return {
    name,
    why: 'What runs was built by somebody we know, and no name that moves brings other code.',
    kinds: POD_KINDS,
    variables: {
      ...POD_VARIABLES,
      images: `(variables.containers + ${EPHEMERAL_CONTAINERS}).map(container, container.image)`,
      allowed: celList([...allowed].sort()),
      strangers:
        "variables.images.filter(image, !variables.allowed.exists(start, image.startsWith(start) && (start.endsWith('/') || image.size() == start.size() || image.substring(start.size()).matches('^[:@]'))))",
      moving:
        "variables.images.filter(image, !image.matches('@sha256:[0-9a-f]{64}$') && (image.contains('@') || !image.matches(':[0-9A-Za-z_][0-9A-Za-z_.-]*$') || image.endsWith(':latest')))",
    },
    validations: [
      {
        expression: 'variables.strangers.size() == 0',
        message: 'an image is of a registry that is not allowed here',
        messageExpression:
          "'images of registries that are not allowed here: ' + variables.strangers.join(', ')",
      },
      {
        expression: 'variables.moving.size() == 0',
        message: 'an image has neither a digest nor a tag other than latest',
        messageExpression:
          "'images with neither a digest nor a tag other than latest: ' + variables.moving.join(', ')",
      },
    ],
  };
}
