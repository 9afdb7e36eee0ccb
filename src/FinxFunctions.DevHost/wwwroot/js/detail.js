import { accountsOf } from './accounts.js';
import { call } from './api.js';
import { connect } from './connect.js';
import { listConnections, select, statusChip } from './connections.js';
import { element } from './element.js';
import { formatSpan, formatTime } from './format.js';
import { attempt, notice, problemNotice, show } from './notice.js';
import { kill, killMoments } from './workbench.js';

const card = document.getElementById('detail');
let latest = 0;
let shown = null;

/** Shows one connection, with its accounts; none hides it. */
export async function showDetail(connectionId) {
  const turn = ++latest;
  card.hidden = connectionId === null;
  if (connectionId === null) {
    shown = null;
    return;
  }

  card.setAttribute('aria-busy', 'true');
  const { connection, parts } = await load(connectionId);
  if (turn !== latest)
    return; // another connection was chosen in the meantime
  card.replaceChildren(...parts);
  card.removeAttribute('aria-busy');
  if (connectionId !== shown?.connection_id && card.getBoundingClientRect().top > innerHeight)
    card.scrollIntoView(); // on a phone it is below the list
  shown = connection;
}

/** Follows what becomes of the connection shown, without asking finX for its accounts again. */
export function followDetail(connection) {
  if (!connection || connection.connection_id !== shown?.connection_id)
    return;
  if (connection.status !== shown.status) {
    showDetail(connection.connection_id);
    return;
  }
  card.querySelector('.facts')?.replaceWith(facts(connection));
  shown = connection;
}

async function load(connectionId) {
  let connection = { connection_id: connectionId };
  try {
    connection = await call('GET', `connections/${encodeURIComponent(connectionId)}`);
    return { connection, parts: [head(connection), facts(connection), ...connection.status === 'active' ? [...deaths(), await accountsOrProblem(connectionId)] : []] };
  } catch (error) {
    return { connection, parts: [problemNotice(error)] };
  }
}

async function accountsOrProblem(connectionId) {
  try {
    return await accountsOf(connectionId);
  } catch (error) {
    return problemNotice(error);
  }
}

function head({ connection_id: id, status }) {
  const canRenew = status === 'active' || status === 'needs_reconsent';
  const action = (name, act, kind = '') => element(`button${kind}`, { type: 'button', onclick: event => attempt(event.currentTarget, act) }, name);
  return element('div.row', {},
    element('h2', {}, 'Connection ', statusChip(status)),
    element('div.actions', {},
      status === 'active' ? action('Get a new token', () => refresh(id)) : null,
      canRenew ? action('Renew consent', () => connect(shown)) : null,
      status !== 'deleted' ? element('button.danger', { type: 'button', onclick: event => remove(event.currentTarget, id) }, 'Delete') : null));
}

function facts(connection) {
  const fact = (name, value) => value === null || value === undefined ? null : element('div', {}, element('dt', {}, name), element('dd', {}, value));
  return element('dl.facts', {},
    fact('Connection', element('code', {}, connection.connection_id)),
    fact('User', connection.user_id),
    fact('Token generation', String(connection.generation)),
    fact('Created', formatTime(connection.created_at)),
    fact('Tokens refreshed', connection.refreshed_at && formatTime(connection.refreshed_at)),
    fact('Next rotation', connection.next_rotation_at && formatTime(connection.next_rotation_at)),
    fact('Refresh token expires', connection.refresh_expires_at && formatTime(connection.refresh_expires_at)),
    fact('Consent expires', connection.consent_expires_at && formatTime(connection.consent_expires_at)),
    fact('Scope', connection.scope),
    fact('Reason', connection.reason));
}

/** Buttons by which another instance of the app dies while it replaces the tokens of the connection shown. */
function deaths() {
  if (!killMoments().length)
    return [];
  const button = ({ name, title }) => element('button', { type: 'button', onclick: event => attempt(event.currentTarget, () => die(name)) }, `Kill it ${title}`);
  return [element('section.parts', { 'aria-labelledby': 'kill-title' },
    element('h3', { id: 'kill-title' }, 'What if the app dies?'),
    element('small', {}, 'Another instance of the app gets a new token for this connection, and its process is killed in the middle. Then let an hour pass: this instance resumes the rotation.'),
    element('div.actions', {}, ...killMoments().map(button)))];
}

async function die(moment) {
  const { is_killed: isKilled, text } = await kill(shown, moment);
  show(notice(isKilled ? 'warn' : 'bad', text, isKilled ? 'Its lease expires after 90 seconds. Press \u201c1 hour\u201d, and this instance resumes the rotation.' : null));
}

/** Does what a service does whose token finX no longer takes. The token itself is of no use here, and is not shown. */
async function refresh(connectionId) {
  try {
    const token = await call('POST', `connections/${encodeURIComponent(connectionId)}/token`, { rejected_generation: shown.generation });
    show(notice('good', `A new token, of generation ${token.generation}.`, `It is valid for ${formatSpan(token.expires_in * 1000)}.`));
  } finally {
    await listConnections();
  }
}

function remove(button, connectionId) {
  const dialog = document.getElementById('delete');
  dialog.returnValue = 'cancel';
  dialog.onclose = () => dialog.returnValue === 'delete' && attempt(button, async () => {
    await call('DELETE', `connections/${encodeURIComponent(connectionId)}`);
    show(notice('good', 'The connection is deleted.'));
    select(null);
    await listConnections();
    document.getElementById('reload').focus();
  });
  dialog.showModal();
}
