import { call } from './api.js';
import { userId } from './connect.js';
import { element } from './element.js';
import { formatTime } from './format.js';
import { Meters } from './meters.js';
import { problemNotice } from './notice.js';
import { isSandbox } from './workbench.js';

const list = document.getElementById('connections');
const items = new Map();
let selected = null;
let onSelect = () => {};
let onChange = () => {};

export const statusChip = status => element(`span.chip.${status}`, {}, status.replace('_', ' '));

/** Lists the connections of the user in the form, newest first. What is on the page already stays, so that no focus is lost. */
export async function listConnections() {
  const user = userId();
  try {
    const connections = await all(user);
    if (user !== userId())
      return; // another key was entered in the meantime
    connections.sort((one, other) => other.created_at.localeCompare(one.created_at));
    for (const id of items.keys())
      if (!connections.some(connection => connection.connection_id === id))
        items.delete(id);
    for (const connection of connections) {
      const known = items.get(connection.connection_id) ?? new Item(connection);
      items.set(connection.connection_id, known);
      known.show(connection);
    }
    place(connections.length ? connections.map(connection => items.get(connection.connection_id).element) : [nothing()]);
    onChange(connections.find(connection => connection.connection_id === selected));
  } catch (error) {
    place([element('li', {}, problemNotice(error))]);
  }
}

const nothing = () => element('li.soft', {}, 'None yet.', isSandbox()
  ? element('p', {}, 'Press Connect. The sandbox\u2019s bank is Demobank - 90090042, its user demo, the password demo.')
  : null);

function place(elements) {
  if (elements.length !== list.children.length || elements.some((one, index) => one !== list.children[index]))
    list.replaceChildren(...elements);
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
  for (const item of items.values())
    item.press();
  onSelect(selected);
}

/** Moves the bars on with the clock. */
export function tickConnections() {
  for (const item of items.values())
    item.tick();
}

/**
 * @param {(connectionId: string|null) => void} onSelected
 * @param {(connection: object|undefined) => void} onChanged gets the selected connection whenever the list was read again
 */
export function startConnections(onSelected, onChanged) {
  [onSelect, onChange] = [onSelected, onChanged];
  document.getElementById('reload').addEventListener('click', async () => {
    await listConnections();
    onSelect(selected);
  });
}

class Item {
  #connection;
  #meters = new Meters();
  #chips = element('span.row');
  #button;

  constructor({ connection_id: id, created_at: createdAt }) {
    this.#button = element('button', { type: 'button', onclick: () => select(id) },
      element('span', {}, formatTime(createdAt), element('small', {}, element('code', {}, id))),
      this.#chips);
    this.element = element('li', {}, this.#button, this.#meters.element);
  }

  show(connection) {
    this.#connection = connection;
    this.#chips.replaceChildren(element('span.soft', {}, `generation ${connection.generation}`), statusChip(connection.status));
    this.press();
    this.tick();
  }

  press() {
    this.#button.setAttribute('aria-pressed', this.#connection.connection_id === selected);
  }

  tick() {
    this.#meters.show(this.#connection);
  }
}
