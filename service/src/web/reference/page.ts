/** The API's reference as a page, made of its description. */
import { html } from 'ghtml';
import type { OpenApi } from '../../contract/openapi.ts';

type Json = Record<string, unknown>;

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly description?: string;
  readonly schema: Json;
}

/** One operation as the document describes it. */
interface Described {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security?: readonly Json[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}

type Content = { readonly 'application/json': { readonly schema: Json } };

/** What stands between navigation and footer. */
export function referencePage(document: OpenApi): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({
      path: `/api${path}`,
      method,
      described: described as unknown as Described,
    })),
  );
  const sections = (document.tags as readonly { name: string; description: string }[]).map(
    ({ name, description }) =>
      html`<section class="api-section"><h2 id="${name}">${description}</h2>!${operations
        .filter(({ described }) => described.tags.includes(name))
        .map((each) => operation(each, document))}</section>`,
  );
  return html`<div class="api-page"><header class="banner"><div class="container narrow"><h1>The API</h1><p class="lead">${document.info.description} Version ${document.info.version}.</p></div></header>
<div class="container narrow page"><p>Errors are <code>{"errors": {"field": ["message"]}}</code>. Who signs in or up is given a token, which goes into the header <code>Authorization: Token …</code>. The whole description for programs: <a href="/api/openapi.json">openapi.json</a>.</p>!${sections}</div></div>`;
}

function operation(
  { path, method, described }: { path: string; method: string; described: Described },
  document: OpenApi,
): string {
  const { operationId, parameters, requestBody, responses, summary } = described;
  return html`<details class="api-operation" id="${operationId}"><summary><span class="api-method api-${method}">${method.toUpperCase()}</span><code>!${breakable(path)}</code><span class="api-summary">${summary}</span></summary>
<p>${callers(described)}</p>!${parameterTable(parameters)}!${requestBody ? html`<h3>Body</h3>!${example(requestBody.content, document)}` : ''}!${Object.entries(responses).map(([status, response]) => answer(status, response, document))}</details>`;
}

/** A long path may be broken before its slashes. */
function breakable(path: string): string {
  return path
    .split('/')
    .map((part) => html`${part}`)
    .join('<wbr>/');
}

function callers({ security }: Described): string {
  if (security === undefined) return 'Needs no token.';
  if (security.some((each) => Object.keys(each).length === 0)) {
    return 'Needs no token; with one the answer is the caller’s own.';
  }
  return 'Needs a token.';
}

function parameterTable(parameters: readonly Parameter[]): string {
  if (parameters.length === 0) return '';
  const row = ({ name, in: place, description, schema }: Parameter) =>
    html`<tr><td><code>${name}</code></td><td>${place}</td><td>${typeOf(schema)}</td><td>${description ?? ''}</td></tr>`;
  return html`<h3>Parameters</h3><table class="api-table"><thead><tr><th scope="col">Name</th><th scope="col">In</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead><tbody>!${parameters.map(row)}</tbody></table>`;
}

function typeOf({ type, minimum, default: fallback }: Json): string {
  const bounds = minimum === undefined ? '' : `, from ${minimum}`;
  return `${type}${bounds}${fallback === undefined ? '' : `, default ${fallback}`}`;
}

function answer(
  status: string,
  { description, content }: { description: string; content?: Content },
  document: OpenApi,
): string {
  const heading = html`<h3><span class="api-status">${status === 'default' ? 'else' : status}</span> ${description}</h3>`;
  return status.startsWith('2') && content ? heading + example(content, document) : heading;
}

function example(content: Content, document: OpenApi): string {
  const shown = JSON.stringify(sample(content['application/json'].schema, document), undefined, 2);
  return html`<pre class="api-example"><code>${shown}</code></pre>`;
}

/** A value as the schema describes it: a word for what stands there. */
function sample(schema: Json, document: OpenApi): unknown {
  if (typeof schema.$ref === 'string') {
    const named = document.components.schemas[schema.$ref.slice('#/components/schemas/'.length)];
    return named && sample(named, document);
  }
  const { type, format, items, maxLength, properties } = schema;
  if (properties) {
    const entries = Object.entries(properties as Record<string, Json>);
    return Object.fromEntries(entries.map(([name, property]) => [name, sample(property, document)]));
  }
  if (type === 'array') return [sample(items as Json, document)];
  const words = [type ?? schema.anyOf].flat().map((word) => (word as Json).type ?? word);
  const kind = words.join(' or ');
  return [kind, format, maxLength && `up to ${maxLength} characters`].filter(Boolean).join(', ');
}
