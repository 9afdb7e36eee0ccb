import { element } from './element.js';
import { formatSecond } from './format.js';

const longest = 150;
const alike = 4; // a repetition within the last few events is counted, not shown again
const list = document.getElementById('timeline');
const pause = document.getElementById('pause');
let held = null;

/**
 * Shows events as they happen, newest first.
 * @param {(kind: string) => void} onEvent called for each event
 */
export function startTimeline(onEvent) {
  document.getElementById('timeline-card').hidden = false;
  pause.addEventListener('click', toggle);
  new EventSource('/dev/events').onmessage = message => {
    const happened = JSON.parse(message.data);
    onEvent(happened.kind);
    if (!held)
      add(happened);
    else if (held.push(happened) > longest)
      held.shift();
  };
  // Events from before the page was opened are not read aloud.
  setTimeout(() => document.getElementById('log').setAttribute('aria-live', 'polite'), 1500);
}

function toggle() {
  const former = held;
  held = held ? null : [];
  former?.forEach(add);
  pause.setAttribute('aria-pressed', held !== null);
}

function add({ kind, text, at, isTrouble }) {
  const like = [...list.children].slice(0, alike).find(item => item.dataset.kind === kind && item.dataset.text === text);
  if (like) {
    like.dataset.times = Number(like.dataset.times) + 1;
    like.dataset.at = Date.parse(at);
    like.querySelector('time').textContent = `${formatSecond(at)} · ${like.dataset.times} times`;
    return;
  }

  const item = element(isTrouble ? 'li.trouble' : 'li', {},
    element(`span.kind.${kind}`, {}, kind), element('span', {}, text), element('time', { dateTime: at }, formatSecond(at)));
  Object.assign(item.dataset, { kind, text, at: Date.parse(at), times: 1 });
  // Events of the sandbox become known a moment after they happened.
  const older = [...list.children].find(other => Number(other.dataset.at) <= Number(item.dataset.at));
  list.insertBefore(item, older ?? null);
  while (list.children.length > longest)
    list.lastElementChild.remove();
}
