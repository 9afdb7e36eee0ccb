import { accountsOf } from './accounts.js';
import { call } from './api.js';
import { connect } from './connect.js';
import { listConnections, select, statusChip } from './connections.js';
import { element } from './element.js';
import { formatTime } from './format.js';
import { attempt, notice, problemNotice, show } from './notice.js';

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
  const parts = await load(connectionId);
  if (turn !== latest)
    return; // another one was chosen meanwhile
  card.replaceChildren(...parts);
  card.removeAttribute('aria-busy');
  if (connectionId !== shown && card.getBoundingClientRect().top > innerHeight)
    card.scrollIntoView(); // on a phone it is below the list
  shown = connectionId;
}

async function load(connectionId) {
  try {
    const connection = await call('GET', `connections/${encodeURIComponent(connectionId)}`);
    return [head(connection), facts(connection), ...connection.status === 'active' ? [await accountsOf(connectionId)] : []];
  } catch (error) {
    return [problemNotice(error)];
  }
}

function head(connection) {
  const canRenew = connection.status === 'active' || connection.status === 'needs_reconsent';
  return element('div.row', {},
    element('h2', {}, 'Connection ', statusChip(connection.status)),
    element('div.actions', {},
      canRenew ? element('button', { type: 'button', onclick: event => attempt(event.currentTarget, () => connect(connection.connection_id)) }, 'Renew consent') : null,
      connection.status !== 'deleted' ? element('button.danger', { type: 'button', onclick: event => remove(event.currentTarget, connection.connection_id) }, 'Delete') : null));
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
