const storedKey = 'finx-functions-key';

/** An answer other than success, with the problem details (RFC 9457) that came with it. */
export class Problem extends Error {
  constructor(details, status) {
    super(details.title ?? `The app answered ${status}.`);
    this.status = status;
    this.detail = details.detail;
    this.code = details.code;
    this.reason = details.reason;
    this.traceId = details.trace_id;
    this.errors = details.errors ?? {};
  }
}

/**
 * Calls the app. Where it asks for a key, so is the user, once a tab.
 * @returns the JSON of the answer, or null where it has none
 */
export async function call(method, path, body) {
  while (true) {
    const response = await send(method, path, body);
    if (response.status === 401) {
      await askForKey();
      continue;
    }
    const text = await response.text();
    const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
    const json = isJson && text ? JSON.parse(text) : null;
    if (!response.ok)
      throw new Problem(json ?? {}, response.status);
    return json;
  }
}

async function send(method, path, body) {
  const headers = { accept: 'application/json' };
  const key = sessionStorage.getItem(storedKey);
  if (key)
    headers['x-functions-key'] = key;
  if (body)
    headers['content-type'] = 'application/json';
  try {
    return await fetch(`/api/${path}`, { method, headers, body: body && JSON.stringify(body) });
  } catch {
    throw new Problem({ title: 'The app does not answer.', detail: 'Is it still running?' }, 0);
  }
}

let asking = null;

function askForKey() {
  return asking ??= new Promise(resolve => {
    const dialog = document.getElementById('key');
    const form = dialog.querySelector('form');
    form.reset();
    dialog.oncancel = event => event.preventDefault();
    dialog.onclose = () => {
      sessionStorage.setItem(storedKey, form.elements.key.value);
      asking = null;
      resolve();
    };
    dialog.showModal();
  });
}
