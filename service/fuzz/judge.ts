/** Holds answers against the description that the service gives of itself. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { DescribedOperation, Description } from './requests.ts';
import type { Schema } from './values.ts';

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** Says what is wrong with an answer; undefined when it is as described. */
export type Judge = (operation: DescribedOperation, answer: Answer) => string | undefined;

/** Makes the judge of a description. */
export function judgeOf(description: Description): Judge {
  const ajv = new Ajv2020({ strict: false, allErrors: false });
  formats.default(ajv);
  ajv.addSchema({ $id: 'api', components: description.components });
  const validators = new Map<Schema, ReturnType<typeof ajv.compile>>();

  function validatorOf(schema: Schema) {
    let validator = validators.get(schema);
    if (validator === undefined) {
      validator = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"api#/')));
      validators.set(schema, validator);
    }
    return validator;
  }

  return ({ responses }, { contentType, status, text }) => {
    if (status >= 500) return `it answers ${status}: ${text.slice(0, 200)}`;
    const described = responses[status] ?? responses.default;
    if (described === undefined || (status < 400 && responses[status] === undefined)) {
      return `it answers ${status}, which is not described`;
    }
    const schema = described.content?.['application/json']?.schema;
    if (schema === undefined)
      return text === '' ? undefined : `it answers ${status} with a body: ${text.slice(0, 200)}`;
    if (!contentType.startsWith('application/json'))
      return `it answers ${status} as ${contentType || 'no type'}`;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return `it answers ${status} with what is no JSON: ${text.slice(0, 200)}`;
    }
    const validate = validatorOf(schema);
    if (validate(value)) return undefined;
    return `it answers ${status} with what does not fit: ${ajv.errorsText(validate.errors)}`;
  };
}
