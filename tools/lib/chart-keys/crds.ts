// Which kinds of object the CRDs of a chart add to a cluster.
import { parse } from 'yaml';

/**
 * The kinds that CRDs define.
 *
 * @param source a file of CRDs, one of a chart's templates too: lines with `{{` are passed over
 * @returns `cert-manager.io/Certificate`, sorted; none where the file holds no CRD
 */
export function crdKinds(source: string): string[] {
  const texts = source.split(/^---$/m).filter((text) => /^kind: CustomResourceDefinition$/m.test(text));
  const kinds = texts.map((text) => {
    const plain = text
      .split('\n')
      .filter((line) => !line.includes('{{'))
      .join('\n');
    const { spec } = parse(plain, { logLevel: 'silent', uniqueKeys: false }) as {
      spec?: { group?: string; names?: { kind?: string } };
    };
    return `${spec?.group}/${spec?.names?.kind}`;
  });
  return kinds.sort();
}
