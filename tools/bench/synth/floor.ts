// `node floor.ts N FOLDER`: the same bytes with no cdk8s at all. The objects of one service, read from `service.json`, are built
// anew for each name, written by our writer and put on disk: what no generator in this language can be faster than.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Document, type Json, joinDocuments, writeDocument } from '../../lib/yaml/write.ts';
import { FIRST_SERVICE, serviceName } from './names.ts';

const [services = '1', folder = '.'] = process.argv.slice(2);
const template: Document[] = JSON.parse(readFileSync('service.json', 'utf8'));

function named(value: Json, name: string): Json {
  if (typeof value === 'string') return value.replaceAll(FIRST_SERVICE, name);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item) => named(item, name));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, named(item, name)]));
}

for (let index = 0; index < Number(services); index++) {
  const name = serviceName(index);
  const documents = template.map(({ json, markers }) => ({
    json: named(json, name),
    markers: markers.map(({ path, policy }) => ({ path, policy: policy.replaceAll(FIRST_SERVICE, name) })),
  }));
  const file = `${folder}/dist/bench/apps/${name}/${name}.yaml`;
  mkdirSync(dirname(file), { recursive: true });
  const header = "Compiled from tools/bench/synth/workload.ts by `npm run synth`. Don't edit.";
  writeFileSync(file, joinDocuments(header, documents.map(writeDocument)));
}
