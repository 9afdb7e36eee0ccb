import { call } from './api.js';
import { userId } from './connect.js';
import { element } from './element.js';
import { formatTime } from './format.js';
import { problemNotice } from './notice.js';

const list = document.getElementById('connections');
let selected = null;
let onSelect = () => {};

export const statusChip = status => element(`span.chip.${status}`, {}, status.replace('_', ' '));

/** Lists the connections of the user in the form, newest first. */
export async function listConnections() {
  try {
    const connections = await all(userId());
    connections.sort((one, other) => other.created_at.localeCompare(one.created_at));
    list.replaceChildren(...connections.length ? connections.map(item) : [element('li.soft', {}, 'None yet.')]);
  } catch (error) {
    list.replaceChildren(element('li', {}, problemNotice(error)));
  }
}

async function all(user) {
  const found = [];
  const query = new URLSearchParams({ user_id: user });
  do {
    const { connections, next } = await call('GET', `connections?${query}`);
    found.push(...connections);
    query.set('next', next ?? '');
  } while (query.get('next'));
  return found;
}

export function select(connectionId) {
  selected = connectionId;
  for (const button of list.querySelectorAll('button'))
    button.setAttribute('aria-pressed', button.dataset.id === selected);
  onSelect(selected);
}

/** @param {(connectionId: string|null) => void} handler */
export function startConnections(handler) {
  onSelect = handler;
  document.getElementById('reload').addEventListener('click', async () => {
    await listConnections();
    onSelect(selected);
  });
}

function item(connection) {
  const button = element('button', { type: 'button', 'aria-pressed': connection.connection_id === selected, onclick: () => select(connection.connection_id) },
    element('span', {}, formatTime(connection.created_at), element('small', {}, element('code', {}, connection.connection_id))),
    statusChip(connection.status));
  button.dataset.id = connection.connection_id;
  return element('li', {}, button);
}
