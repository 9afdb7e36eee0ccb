import { call } from './api.js';
import { attempt, notice, show } from './notice.js';
import { openWidget } from './widget.js';

const sentState = 'finx-functions-state';
const form = document.getElementById('connect');
let onReturn = () => {};

export const userId = () => form.elements.user_id.value.trim();

/** Opens the widget. With a connection, its consent is renewed in place. */
export async function connect({ connection_id: connectionId, consent_expires_at: formerConsent = null } = {}) {
  const mode = form.elements.mode.value;
  const widget = openWidget(mode);
  try {
    const state = Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('');
    const link = await call('POST', 'links', {
      user_id: userId(),
      return_uri: form.elements.return_uri.value,
      language: form.elements.language.value,
      state,
      connection_id: connectionId,
      mode,
    });
    sessionStorage.setItem(sentState, state);
    widget.go(link.location, state,
      taken => {
        show(outcome(taken.status, taken.error));
        onReturn(taken.connection_id);
      },
      async () => {
        const isConnected = await hasNewConsent(link.connection_id, formerConsent);
        show(isConnected ? outcome('connected') : notice('warn', 'You closed the widget before the bank was connected.'));
        onReturn(isConnected ? link.connection_id : null);
      });
  } catch (error) {
    widget.close();
    throw error;
  }
}

/** Whether the bank was connected although no message came: the widget may be closed between the callback and its message. */
async function hasNewConsent(connectionId, former) {
  try {
    const connection = await call('GET', `connections/${encodeURIComponent(connectionId)}`);
    return connection.status === 'active' && connection.consent_expires_at !== former;
  } catch {
    return false; // the list asks next and shows the error
  }
}

/**
 * Takes the user's return from the widget: tells its outcome, and clears the address.
 * @returns the id of the connection that it is about, if this is a return
 */
export function takeReturn() {
  const answer = new URLSearchParams(location.search);
  const [status, connectionId] = [answer.get('status'), answer.get('connection_id')];
  if (!status)
    return null;

  const sent = sessionStorage.getItem(sentState);
  const isOurs = sent !== null && answer.get('state') === sent;
  sessionStorage.removeItem(sentState);
  history.replaceState(null, '', location.pathname);
  show(isOurs ? outcome(status, answer.get('error')) : notice('warn', 'This tab did not start this connection.', 'The state is not the one that was sent, so the outcome is not shown.'));
  return connectionId;
}

function outcome(status, error) {
  switch (status) {
    case 'connected': return notice('good', 'The bank is connected.');
    case 'cancelled': return notice('warn', 'You left the widget before the bank was connected.');
    default: return notice('bad', 'The bank could not be connected.', error ? `finX says: ${error}` : null);
  }
}

/**
 * @param {() => void} onUserChange
 * @param {(connectionId: string|null) => void} onWidgetEnd for a popup or frame; from a redirect one comes back by takeReturn
 */
export function startConnect(onUserChange, onWidgetEnd) {
  onReturn = onWidgetEnd;
  const remembered = localStorage.getItem('finx-functions-user');
  if (remembered)
    form.elements.user_id.value = remembered;
  form.elements.mode.value = localStorage.getItem('finx-functions-mode') ?? 'redirect';
  form.elements.return_uri.value = `${location.origin}/`;

  form.addEventListener('change', event => {
    if (event.target.name === 'mode')
      localStorage.setItem('finx-functions-mode', form.elements.mode.value);
  });
  form.elements.user_id.addEventListener('change', () => {
    localStorage.setItem('finx-functions-user', userId());
    onUserChange();
  });
  form.addEventListener('submit', event => {
    event.preventDefault();
    attempt(event.submitter ?? form.querySelector('button'), () => connect());
  });
}
