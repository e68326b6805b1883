// The page of rehearsals in the browser: shows each tick as it comes.
import type { RunEvent } from '../rehearse-page.ts';
import { type Fieldset, find, focused, listen } from './dom.ts';

const [run, announce, stop] = ['#run', '#announce', '#stop'].map((id) => find(id));
const fields = find<Fieldset>('#start fieldset');
if (run && announce && stop && fields) {
  // The browser asks again by itself when the connection breaks, and is told at once where the rehearsal stands.
  listen('/rehearse/events', 'run', (data) => {
    const event: RunEvent = JSON.parse(data);
    const hadFocus = stop.contains(focused());
    run.innerHTML = event.html;
    if (announce.textContent !== event.says) announce.textContent = event.says;
    fields.disabled = event.isRunning;
    stop.hidden = !event.isRunning;
    if (hadFocus && !event.isRunning) fields.querySelector('button')?.focus();
  });
}
