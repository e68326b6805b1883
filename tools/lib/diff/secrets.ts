import { groupKind } from './documents.ts';
import type { JsonObject } from './fields/json.ts';
import type { ObjectField } from './report.ts';

const HIDDEN = '(not shown)';

/** Takes the values of a Secret out of what is told of it: a report is read, and kept, where a repo may not be. */
export function hideSecrets(object: JsonObject, fields: readonly ObjectField[]): ObjectField[] {
  if (groupKind(object) !== 'Secret') return [...fields];
  return fields.map((field) => {
    if (field.steps[0] !== 'data' && field.steps[0] !== 'stringData') return field;
    return {
      ...field,
      ...(field.before === undefined ? {} : { before: HIDDEN }),
      ...(field.after === undefined ? {} : { after: HIDDEN }),
    };
  });
}
