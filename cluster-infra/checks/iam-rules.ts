// What no policy may say, whatever was acknowledged: cdk-nag's word for `*` is one for a whole policy.
import { readFileSync } from 'node:fs';
import type {
  IPolicyValidationContext,
  IPolicyValidationPlugin,
  PolicyValidationPluginReport,
  PolicyViolation,
} from 'aws-cdk-lib';
import { findingsIn, type IamFinding } from './iam-findings.ts';

/** Judges the policies of every template by iam-findings.ts, as a part of synthesis. */
export class IamRules implements IPolicyValidationPlugin {
  readonly name = 'Slipway';

  validate({ stackTemplates }: IPolicyValidationContext): PolicyValidationPluginReport {
    const violations = stackTemplates.flatMap(({ templatePath }) =>
      findingsIn(JSON.parse(readFileSync(templatePath, 'utf8'))).map((finding) =>
        violation(finding, templatePath),
      ),
    );
    return { success: violations.length === 0, violations };
  }
}

function violation({ rule, resource, says }: IamFinding, templatePath: string): PolicyViolation {
  return {
    ruleName: rule,
    description: says,
    severity: 'error',
    violatingResources: [{ resourceLogicalId: resource, templatePath, locations: [] }],
  };
}
