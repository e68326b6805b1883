// A canary's page in the browser: moves its odds with its sliders.
import { oddsHtml, oddsSentence, plotsHtml } from '../odds-html.ts';
import { asItIs, knobsOf, parseWeights, planWhatIf, type WhatIf, withWeights } from '../what-if.ts';
import { type Element, find, type Input } from './dom.ts';

/** The curve is a hundred plans: it follows when a slider rests so long, in milliseconds. */
const REST = 40;

interface Places {
  readonly odds: Element;
  readonly plots: Element;
  readonly said: Element;
}

const form = find('#what-if');
const [odds, plots, said] = ['#odds', '#plots', '#said'].map((id) => find(id));
if (form && odds && plots && said) watch(form, { odds, plots, said });

function watch(form: Element, places: Places): void {
  const original = asItIs(JSON.parse(form.dataset.subject ?? 'null'));
  let drawing: ReturnType<typeof setTimeout> | undefined;
  const answer = () => {
    const began = performance.now();
    const planned = planWhatIf(read(form, original));
    places.odds.innerHTML = oddsHtml(planned);
    places.said.textContent = oddsSentence(planned.report);
    form.dataset.milliseconds = (performance.now() - began).toFixed(1);
    clearTimeout(drawing);
    drawing = setTimeout(() => {
      places.plots.innerHTML = plotsHtml(planned);
    }, REST);
  };
  form.addEventListener('input', answer);
  form.addEventListener('submit', (event) => event.preventDefault());
  // The fields are as they were only after the event.
  form.addEventListener('reset', () => setTimeout(answer));
  form.hidden = false;
  // The first plan takes ten times as long as those that follow, and nobody need wait for it.
  setTimeout(() => planWhatIf(original));
}

/** What the sliders say. One that stands where it stood at first changes nothing, since its steps are coarse. */
function read(form: Element, original: WhatIf): WhatIf {
  let now = original;
  for (const knob of knobsOf(original)) {
    const slider = form.querySelector(`#${knob.id}`) as Input | null;
    const output = form.querySelector(`output[for="${knob.id}"]`);
    if (slider === null || output === null) continue;
    const isMoved = slider.value !== slider.defaultValue;
    const says = isMoved ? knob.word(slider.valueAsNumber) : (output.dataset.first ?? '');
    output.textContent = says;
    slider.setAttribute('aria-valuetext', says);
    if (isMoved) now = knob.apply(now, slider.valueAsNumber);
  }
  const field = form.querySelector('#weights') as Input | null;
  if (field === null) return now;
  const weights = parseWeights(field.value);
  field.setAttribute('aria-invalid', String(weights === undefined));
  return weights === undefined ? now : withWeights(now, weights);
}
