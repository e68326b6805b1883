// What we use of Grafana's dashboards, typed, and written so that a change of one panel changes one line.
// @see https://grafana.com/docs/grafana/latest/visualizations/dashboards/build-dashboards/view-dashboard-json-model/

/** The label by which Grafana's sidecar finds dashboards in kube-prometheus-stack. */
export const DASHBOARD_LABEL = 'grafana_dashboard';

export interface Dashboard {
  /** Its address in Grafana, and what tells it from others: at most 40 letters, digits, `-` and `_`. */
  uid: string;
  title: string;
  tags: readonly string[];
  /** Times that are shaded in every panel. @default none */
  shading?: { name: string; expr: string };
  sections: readonly Section[];
}

/** Panels under one heading. */
export interface Section {
  title: string;
  panels: readonly Panel[];
}

export interface Panel {
  title: string;
  /** What one sees, where the title does not say it. */
  description?: string;
  /** `stat` shows the last value, `timeseries` all of them, `state-timeline` names of values. */
  type: 'stat' | 'timeseries' | 'state-timeline';
  /** Of the 24 columns that a line has. */
  width: number;
  /** @default a plain number */
  unit?: Unit;
  min?: number;
  max?: number;
  /**
   * From which value on a colour holds, rising; the first holds from the start on. In a `timeseries` there is a line at each
   * value but the first; one under a `transparent` step has the colour of the step below.
   *
   * @default none; a `stat` is then green, and red from 80 on
   * @see https://github.com/grafana/grafana/blob/main/packages/grafana-ui/src/components/TimeSeries/utils.ts
   */
  steps?: readonly [Step, ...Step[]];
  /** Names of values. @default the values */
  names?: Readonly<Record<number, { text: string; color: Color }>>;
  queries: readonly Query[];
}

/** @see https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/valueFormats/categories.ts */
export type Unit = 'percentunit' | 'percent' | 'reqps' | 'ms' | 's' | 'bytes';

export type Color = 'green' | 'orange' | 'red' | 'blue' | 'transparent';

export interface Step {
  /** @default from the start on */
  from?: number;
  color: Color;
}

export interface Query {
  expr: string;
  /** What a line is called; `{{label}}` is the label's value. */
  legend: string;
  /** Whether single requests are drawn as points, which lead to their traces. @default false */
  exemplars?: true;
}

/** The rows of the grid that a panel takes. */
const HEIGHTS: Readonly<Record<Panel['type'], number>> = { stat: 4, timeseries: 8, 'state-timeline': 8 };

const COLUMNS = 24;

/** Whichever Prometheus one chooses above the panels; the default one at first. */
const DATASOURCE = { type: 'prometheus', uid: '$datasource' };

/**
 * A dashboard in Grafana's own format: the same for the same dashboard, one line for each panel.
 *
 * @throws RangeError for a uid that Grafana would not take
 */
export function dashboardJson({ uid, title, tags, shading, sections }: Dashboard): string {
  if (!/^[\w-]{1,40}$/.test(uid)) throw new RangeError(`${JSON.stringify(uid)} is no uid of a dashboard`);
  const frame = {
    uid,
    title,
    tags,
    schemaVersion: 39,
    // It comes from git: what is changed by hand is gone with the next change there.
    editable: false,
    time: { from: 'now-6h', to: 'now' },
    refresh: '1m',
    // One cursor through all panels.
    graphTooltip: 1,
    templating: {
      list: [{ name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus' }],
    },
    annotations: { list: shading ? [shade(shading)] : [] },
  };
  const fields = Object.entries(frame).map(
    ([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  );
  const panels = placed(sections).map((panel) => JSON.stringify(panel));
  return `{\n${fields.join(',\n')},\n"panels": [\n${panels.join(',\n')}\n]\n}\n`;
}

function shade({ name, expr }: { name: string; expr: string }) {
  return { name, datasource: DATASOURCE, enable: true, expr, iconColor: 'blue', titleFormat: name };
}

/** Gives each panel its place: from left to right, and a new line where one is full. */
function placed(sections: readonly Section[]): object[] {
  const all: object[] = [];
  let [x, y, height] = [0, 0, 0];
  const wrap = () => {
    [x, y, height] = [0, y + height, 0];
  };
  for (const { title, panels } of sections) {
    wrap();
    all.push({ id: all.length + 1, type: 'row', title, gridPos: { x, y, w: COLUMNS, h: 1 }, panels: [] });
    y += 1;
    for (const panel of panels) {
      const h = HEIGHTS[panel.type];
      if (x + panel.width > COLUMNS) wrap();
      all.push({ id: all.length + 1, ...panelJson(panel), gridPos: { x, y, w: panel.width, h } });
      x += panel.width;
      height = Math.max(height, h);
    }
  }
  return all;
}

function panelJson({ title, description, type, unit, min, max, steps, names, queries }: Panel): object {
  return {
    type,
    title,
    description,
    datasource: DATASOURCE,
    targets: queries.map(({ expr, legend, exemplars }, index) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      expr,
      legendFormat: legend,
      ...(exemplars && { exemplar: true }),
      ...(type === 'stat' && { instant: true }),
    })),
    fieldConfig: {
      defaults: {
        unit,
        min,
        max,
        ...(steps && {
          thresholds: {
            mode: 'absolute',
            steps: steps.map(({ from, color }) => ({ value: from ?? null, color })),
          },
        }),
        ...(names && { mappings: [{ type: 'value', options: names }] }),
        ...(type === 'timeseries' && {
          custom: { fillOpacity: 10, ...(steps && { thresholdsStyle: { mode: 'line' } }) },
        }),
      },
      overrides: [],
    },
    options: OPTIONS[type],
  };
}

const OPTIONS: Readonly<Record<Panel['type'], object>> = {
  stat: { reduceOptions: { calcs: ['lastNotNull'] }, colorMode: 'value', graphMode: 'none' },
  timeseries: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi' } },
  'state-timeline': { showValue: 'auto', mergeValues: true },
};
