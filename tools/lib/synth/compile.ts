import { ApiObject, App, Chart, DependencyGraph } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { type ChartFile, chartFiles } from '../../../apps/main.ts';
import { type Resource, wholeJson } from '../../../charts/custom-resource.ts';
import { type PolicyException, policyExceptions } from '../../../charts/policy-exception.ts';
import { setterMarkers } from '../../../charts/setter-marker.ts';
import type { Config } from '../../../config/load.ts';
import { identity, type Manifest } from '../dist/manifests.ts';
import { UserError } from '../user-error.ts';
import { type Document, type Json, joinDocuments, UnstableYamlError, writeDocument } from '../yaml/write.ts';
import { chartError, type Failure } from './failures.ts';

/** What a compile makes, before it is published. */
export interface Compiled {
  /** Path in `dist/` to the text of the file. */
  files: Map<string, string>;
  /** The objects in them, in their order. */
  manifests: Manifest[];
  /** How many there are. */
  objects: number;
}

/**
 * Compiles every cluster. Reads nothing but the config, writes nothing: the same config gives the same bytes.
 *
 * @param config the checked config
 */
export async function compile(config: Config): Promise<Compiled> {
  return compileFiles(await chartFiles(config));
}

/**
 * Compiles the given files.
 *
 * @throws UserError that names every file whose code fails, with its line, and for what cannot be written
 * @throws Error when two of them have one path
 */
export function compileFiles(chartFiles: readonly ChartFile[]): Compiled {
  const files = new Map<string, string>();
  const manifests: Manifest[] = [];
  for (const [file, documents] of compileCharts(chartFiles)) {
    if (files.has(file.path)) throw new Error(`two charts make ${file.path}`);
    if (documents.length === 0) continue;
    const [cluster = ''] = file.path.split('/');
    for (const { json, construct, exceptions } of documents) {
      manifests.push({
        file: file.path,
        cluster,
        construct,
        exceptions,
        object: json as unknown as Resource,
      });
    }
    files.set(file.path, text(file, documents));
    for (const { path, document } of filesBeside(file, documents)) {
      if (files.has(path)) throw new Error(`two charts make ${path}`);
      files.set(path, joinDocuments(header(file), [writeDocument(document)]));
    }
  }
  return { files, manifests, objects: manifests.length };
}

/** @throws UserError that names the object, for what cannot be written so that Flux leaves it alone */
function text(file: ChartFile, documents: readonly CompiledDocument[]): string {
  const parts = documents.map((document) => {
    try {
      return writeDocument(document);
    } catch (error) {
      if (!(error instanceof UnstableYamlError)) throw error;
      const object = identity(document.json as unknown as Resource);
      throw new UserError(`dist/${file.path}: ${object} (${document.construct}): ${error.message}`);
    }
  });
  return joinDocuments(header(file), parts);
}

function header({ source }: ChartFile): string {
  return `Compiled from ${source} by \`npm run synth\`. Don't edit.`;
}

/** The files in the folder of a chart's file that hold no objects. */
function filesBeside(
  file: ChartFile,
  documents: readonly CompiledDocument[],
): { path: string; document: Document }[] {
  const folder = file.path.slice(0, file.path.lastIndexOf('/') + 1);
  const objects = documents.map(({ json, markers }) => ({ json: json as unknown as Resource, markers }));
  return (file.beside?.(objects) ?? []).map(({ name, json, markers }) => ({
    path: `${folder}${name}`,
    document: { json: json as Json, markers },
  }));
}

interface CompiledDocument extends Document {
  construct: string;
  exceptions: PolicyException[];
}

/** The objects of each chart; when some can't be made, what is wrong with all of those. */
function compileCharts(chartFiles: readonly ChartFile[]): Map<ChartFile, CompiledDocument[]> {
  const compiled = new Map<ChartFile, CompiledDocument[]>();
  const failures: Failure[] = [];
  // The line of an app that used a construct wrongly can be far out in the stack.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 50;
  try {
    for (const file of chartFiles) {
      try {
        compiled.set(file, compileChart(file));
      } catch (error) {
        failures.push({ file, error });
      }
    }
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  if (failures.length > 0) throw chartError(failures);
  return compiled;
}

/**
 * The objects of one chart. It gets an app of its own, because cdk8s validates and orders the whole app again for
 * each chart of it, which makes the cost grow with the square of the charts.
 */
export function compileChart({ path, namespace, build }: ChartFile): CompiledDocument[] {
  const chart = new Chart(new App(), path.replaceAll('/', '-').replace('.yaml', ''), { namespace });
  build(chart);
  const name = ({ node }: IConstruct) => node.path.slice(chart.node.path.length + 1) || 'the chart';
  const problems = chart.node
    .findAll()
    .flatMap((construct) => construct.node.validate().map((problem) => `${name(construct)}: ${problem}`));
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return inOrder(chart).map((object) => ({
    json: wholeJson(object) as Json,
    markers: setterMarkers(object),
    construct: name(object),
    exceptions: policyExceptions(object),
  }));
}

/** The objects of a chart: each after those it depends on, else in the order in which they were made. */
function inOrder(chart: Chart): ApiObject[] {
  const constructs = chart.node.findAll();
  const depends = constructs.some(({ node }) => node.dependencies.length > 0);
  return (depends ? new DependencyGraph(chart.node).topology() : constructs).filter((construct) =>
    ApiObject.isApiObject(construct),
  );
}
