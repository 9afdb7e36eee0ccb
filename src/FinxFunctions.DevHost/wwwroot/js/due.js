import { call } from './api.js';
import { now } from './clock.js';
import { formatSpan } from './format.js';

const days = 14;
const line = document.getElementById('due');
let times = [];

/** Reads when the tokens of all users' connections are to be replaced. Only for a sandbox: elsewhere they may be very many. */
export async function readDue() {
  const found = [];
  const query = new URLSearchParams({ status: 'active', limit: 1000 });
  do {
    const { connections, next } = await call('GET', `connections?${query}`);
    found.push(...connections.map(connection => Date.parse(connection.next_rotation_at)));
    query.set('next', next ?? '');
  } while (query.get('next'));
  times = found.sort((one, other) => one - other);
  tickDue();
}

/** Tells what is due, by the clock on the page. */
export function tickDue() {
  const soon = times.filter(time => time <= now() + days * 86_400_000).length;
  line.textContent = times.length === 0
    ? 'No rotation is planned.'
    : `Active connections of all users: ${times.length}. Rotations within ${days} days: ${soon}. The next: ${times[0] <= now() ? 'now' : `in ${formatSpan(times[0] - now())}`}.`;
}
