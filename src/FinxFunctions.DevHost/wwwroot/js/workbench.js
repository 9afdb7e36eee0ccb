import { Problem } from './api.js';
import { now, setClock } from './clock.js';
import { element } from './element.js';
import { formatSecond, formatSpan } from './format.js';
import { attempt } from './notice.js';

const clock = document.getElementById('clock');
const ahead = document.getElementById('ahead');
const play = document.getElementById('play');
const breakages = document.getElementById('breakages');
const perSecond = 36; // hours: 90 days a minute
let playing = null;
let moments = [];
let ends = Infinity;

/**
 * Shows the sandbox's clock and what can be broken.
 * @returns false where there is none: against the real finX
 */
export async function startWorkbench() {
  if (!await refreshWorkbench())
    return false;

  document.getElementById('workbench').hidden = false;
  for (const button of document.querySelectorAll('#moves [data-hours]'))
    button.addEventListener('click', () => attempt(button, () => move(Number(button.dataset.hours))));
  play.addEventListener('click', () => playing ? stop() : start());
  return true;
}

/** Reads the state again. */
export async function refreshWorkbench() {
  const response = await fetch('/dev/state');
  if (!response.ok)
    return false;
  take(await response.json());
  return true;
}

/** Moves the clock on the page. */
export function tickWorkbench() {
  const time = now();
  clock.dateTime = new Date(time).toISOString();
  clock.textContent = formatSecond(time);
  if (time >= ends) {
    ends = Infinity;
    refreshWorkbench();
  }
  const distance = time - Date.now();
  ahead.textContent = distance < 60_000 ? 'the real time' : `${formatSpan(distance)} ahead of the real time`;
}

function start() {
  playing = setInterval(() => move(perSecond).catch(stop), 1000);
  play.setAttribute('aria-pressed', 'true');
}

function stop() {
  clearInterval(playing);
  playing = null;
  play.setAttribute('aria-pressed', 'false');
}

/** Whether finX is the sandbox, which a page may break. */
export const isSandbox = () => moments.length > 0;

/** The moments at which another instance of the app can be killed; none where finX is the real one. */
export const killMoments = () => moments;

/**
 * Has another instance of the app get a new token for a connection, and kills its process on the way.
 * @returns {Promise<{is_killed: boolean, text: string}>}
 */
export const kill = ({ connection_id, generation }, moment) => ask('kills', { connection_id, generation, moment });

const move = hours => post('clock', { advance_hours: hours });

const post = async (path, body) => take(await ask(path, body));

async function ask(path, body) {
  const response = await fetch(`/dev/${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!response.ok)
    throw new Problem({ title: `DevHost answered ${response.status}.` }, response.status);
  return response.json();
}

function take(state) {
  setClock(state);
  moments = state.kill_moments;
  ends = Math.min(...state.breakages.filter(breakage => breakage.ends_at).map(breakage => Date.parse(breakage.ends_at)));
  tickWorkbench();
  for (const breakage of state.breakages) {
    const toggle = document.getElementById(`breakage-${breakage.name}`) ?? add(breakage);
    toggle.setAttribute('aria-checked', breakage.is_on);
  }
}

function add({ name, group, title, explanation }) {
  const toggle = element('button.switch', { id: `breakage-${name}`, type: 'button', role: 'switch', 'aria-describedby': `about-${name}` }, element('span.track'), title);
  toggle.addEventListener('click', () => attempt(toggle, () => post(`breakages/${name}`, { on: toggle.getAttribute('aria-checked') !== 'true' })));
  listOf(group).append(element('li', {}, toggle, element('small', { id: `about-${name}` }, explanation)));
  return toggle;
}

/** The list of a group of breakages, under its heading. */
function listOf(group) {
  const lists = [...breakages.querySelectorAll('ul')];
  const known = lists.find(list => list.dataset.group === group);
  if (known)
    return known;

  const id = `breakages-${lists.length + 1}`;
  const made = element('ul', { 'aria-labelledby': id });
  made.dataset.group = group;
  breakages.append(element('div', {}, element('h3', { id }, group), made));
  return made;
}
