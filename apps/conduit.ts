import type { Chart } from 'cdk8s';
import type { OwnPanel } from '../charts/service-dashboard.ts';
import { WebService } from '../charts/web-service.ts';
import type { AppContext } from './app.ts';

/** The parts of Conduit's API, each with the paths that are its own and one to try it by. */
const PARTS = {
  auth: { paths: ['/api/users', '/api/user', '/api/profiles'], tryOut: '/api/user' },
  content: { paths: ['/api/articles', '/api/tags'], tryOut: '/api/articles' },
  recommendations: { paths: ['/api/recommendations'], tryOut: '/api/recommendations' },
};

/** What every process of Conduit says of itself. @see service/src/metrics.ts */
const PANELS: readonly OwnPanel[] = [
  {
    title: 'Requests under way',
    lines: [{ metric: 'http_server_active_requests', type: 'gauge', name: 'under way' }],
  },
  {
    title: 'Requests turned away',
    lines: [{ metric: 'conduit_requests_shed_total', type: 'counter', by: 'reason' }],
  },
  {
    title: 'Event loop: share of the time it is busy',
    unit: 'percentunit',
    lines: [{ metric: 'nodejs_eventloop_utilization', type: 'gauge', over: 'max', name: 'busiest pod' }],
  },
];

/** What those say besides that work on the database. */
const DATABASE_PANEL: OwnPanel = {
  title: 'Connections to the database',
  lines: [
    { metric: 'db_client_connection_count', type: 'gauge', by: 'state' },
    { metric: 'db_client_connection_max', type: 'gauge', name: 'at most' },
    { metric: 'db_client_connection_pending_requests', type: 'gauge', name: 'waiting for one' },
  ],
};

/**
 * Both keys as one secret, `{"current": "…", "previous": ""}`, so that they change in one step: empty is none.
 *
 * @see docs/runbooks/exchange-the-session-key.md
 */
const SESSION_KEYS = 'session-key';

/** Puts one layout of Conduit into a chart. What is not there yet for users is at an address of its own. */
type Layout = (chart: Chart, context: AppContext, isNext: boolean) => void;

/** What runs, by how it is laid out: what serves, and what is about to. */
const LAYOUTS: Readonly<Record<AppContext['topology'], { serving: Layout; next?: Layout }>> = {
  single: { serving: single },
  split: { serving: split },
  'single-to-split': { serving: single, next: split },
  'split-to-single': { serving: split, next: single },
};

/**
 * Conduit, the Express service in `service/`: one service, or its pages and the parts of its API as four of the same image.
 *
 * Between the two, one serves and has left its canary behind, so that it can go in the next step; the other runs already.
 */
export default function conduit(chart: Chart, context: AppContext): void {
  const { serving, next } = LAYOUTS[context.topology];
  const { settings } = context;
  serving(
    chart,
    next ? { ...context, settings: { ...settings, release: { strategy: 'rolling' } } } : context,
    false,
  );
  next?.(chart, { ...context, host: context.host.replace('.', '-next.') }, true);
}

function single(chart: Chart, context: AppContext, isNext: boolean): void {
  new WebService(chart, context.name, {
    ...common(context),
    ...database(context),
    ...mainRoute(context, isNext),
  });
}

function split(chart: Chart, context: AppContext, isNext: boolean): void {
  const { name, host } = context;
  const web = { name: `${name}-web`, namespace: name };
  const parts = Object.entries(PARTS).map(([part, { paths, tryOut }]) => {
    const service = new WebService(chart, `${name}-${part}`, {
      ...common(context, tryOut),
      ...database(context),
      args: [`--target=${part}`],
      host,
      paths,
      callers: [web],
    });
    return { part, service };
  });
  new WebService(chart, web.name, {
    ...common(context),
    ...mainRoute(context, isNext),
    args: ['--target=web'],
    env: Object.fromEntries(parts.map(({ part, service }) => [`${part.toUpperCase()}_URL`, service.url])),
    calls: parts.map(({ service }) => service),
  });
}

/** The route for all that no part has: under one name in every layout, so that one can take it over from the other. */
function mainRoute({ name, host }: AppContext, isNext: boolean) {
  return { host, routeName: isNext ? `${name}-next` : name };
}

/**
 * What all processes of Conduit have in common.
 *
 * @param tryOut what the load tester asks for, where the config names nothing else
 */
function common({ image, platform, settings }: AppContext, tryOut = '/') {
  const { release } = settings;
  const isTried = release.strategy !== 'rolling' && release.loadTest !== false;
  return {
    ...settings,
    ...(isTried && { release: { ...release, loadTest: { path: tryOut, ...release.loadTest } } }),
    image,
    platform,
    secrets: {
      SESSION_KEY: { remoteKey: SESSION_KEYS, property: 'current' },
      SESSION_KEY_PREVIOUS: { remoteKey: SESSION_KEYS, property: 'previous' },
    },
    panels: PANELS,
  };
}

/** What those have besides that work on the database, where they sign in by their AWS role. */
function database({ region, poolSize }: AppContext) {
  return {
    database: { name: 'conduit' },
    migrate: ['--migrate'],
    panels: [...PANELS, DATABASE_PANEL],
    env: {
      AWS_REGION: region,
      DATABASE_SIGN_IN: 'iam',
      // The authorities of RDS, which the image brings.
      DATABASE_CA_FILE: '/app/rds-ca.pem',
      ...(poolSize !== undefined && { DATABASE_POOL_SIZE: String(poolSize) }),
    },
  };
}
