import { element } from './element.js';
import { Problem } from './api.js';

/** @param {'good'|'warn'|'bad'} kind */
export const notice = (kind, title, ...more) => element(`div.notice.${kind}`, {}, element('strong', {}, title), ...more);

/** Shows what went wrong, calmly, with what a developer needs to look into it. */
export function problemNotice(error) {
  if (!(error instanceof Problem))
    throw error;

  const fields = Object.entries(error.errors).flatMap(([field, messages]) => [messages].flat().map(message =>
    element('li', {}, element('code', {}, field), ` ${message}`)));
  const facts = [error.code, error.reason, error.traceId && `trace ${error.traceId}`].filter(Boolean);
  return notice(error.status === 409 || error.status === 503 ? 'warn' : 'bad', error.message,
    error.detail && element('p', {}, error.detail),
    fields.length ? element('ul', {}, ...fields) : null,
    facts.length ? element('small', {}, element('code', {}, facts.join(' · '))) : null);
}

export function show(...notices) {
  const place = document.getElementById('notice');
  place.replaceChildren(...notices);
  place.scrollIntoView({ block: 'nearest' });
}

/** Runs an action. Its button is disabled meanwhile and keeps the focus. A problem is shown at the top. */
export async function attempt(button, action) {
  const hadFocus = document.activeElement === button;
  button.disabled = true;
  try {
    await action();
  } catch (error) {
    show(problemNotice(error));
  } finally {
    button.disabled = false;
    if (hadFocus && document.activeElement === document.body)
      button.focus();
  }
}
