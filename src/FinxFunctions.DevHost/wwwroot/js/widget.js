import { notice, show } from './notice.js';

const frame = document.getElementById('widget');

/**
 * Opens the place for a widget: in the click itself, or a browser takes a popup for an advertisement.
 * @param {'redirect'|'popup'|'iframe'} mode
 */
export function openWidget(mode) {
  switch (mode) {
    case 'popup': return new Popup();
    case 'iframe': return new Frame();
    default: return { go: address => location.assign(address), close() {} };
  }
}

class Popup {
  constructor() {
    this.window = window.open('about:blank', '_blank', 'popup,width=560,height=760');
    if (this.window === null)
      show(notice('warn', 'The browser blocks popups.', 'Allow them for this page, or choose another way.'));
  }

  go(address, state, onOutcome, onLeft) {
    if (this.window === null)
      return;
    this.window.location.replace(address);
    const watch = setInterval(() => {
      if (!this.window.closed)
        return;
      clearInterval(watch);
      left();
    }, 500);
    const left = listen(() => this.window, state, onOutcome, onLeft);
  }

  close() {
    this.window?.close();
  }
}

class Frame {
  go(address, state, onOutcome, onLeft) {
    const iframe = frame.querySelector('iframe');
    iframe.src = address;
    const left = listen(() => iframe.contentWindow, state, outcome => {
      frame.onclose = null;
      frame.close();
      iframe.removeAttribute('src');
      onOutcome(outcome);
    }, () => {
      if (!frame.open)
        iframe.removeAttribute('src');
      onLeft();
    });
    frame.onclose = left;
    frame.showModal();
  }

  close() {}
}

/**
 * Waits for the callback's message: from that window, and with the state that was sent. A popup closes right after it has posted, and that it
 * is closed may be seen first, by which time the message may have no source any more. So an outcome that comes later still counts.
 * @returns {() => void} to be called when the user sees the widget no longer: after a moment without an outcome, the user has left
 */
function listen(from, state, onOutcome, onLeft) {
  let wait = null;
  const hear = event => {
    if (event.data?.type !== 'finx_callback' || event.data.state !== state || event.source !== from() && event.source !== null)
      return;
    clearTimeout(wait);
    removeEventListener('message', hear);
    onOutcome(event.data);
  };
  addEventListener('message', hear);
  return () => wait = setTimeout(onLeft, 1000);
}
