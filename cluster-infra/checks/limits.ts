import { statSync } from 'node:fs';
import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import type { Template } from './iam-findings.ts';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const LIMITS = { resources: 500, outputs: 200, parameters: 200, mappings: 200, bytes: 1_000_000 };

/** How many of something a template has, and the most that CloudFormation takes. */
interface Count {
  of: keyof typeof LIMITS;
  count: number;
}

/** Which templates CloudFormation would refuse for their size, each in a sentence. */
export function overLimits({ stacks }: CloudAssembly): string[] {
  return stacks.flatMap(({ stackName, template, templateFullPath }) =>
    counts(template as Template, statSync(templateFullPath).size)
      .filter(({ of, count }) => count > LIMITS[of])
      .map(({ of, count }) => `${stackName} has ${count} ${of}; allowed: ${LIMITS[of]}`),
  );
}

function counts(template: Template, bytes: number): Count[] {
  const size = (key: string) => Object.keys((template as Record<string, object>)[key] ?? {}).length;
  return [
    { of: 'resources', count: size('Resources') },
    { of: 'outputs', count: size('Outputs') },
    { of: 'parameters', count: size('Parameters') },
    { of: 'mappings', count: size('Mappings') },
    { of: 'bytes', count: bytes },
  ];
}
