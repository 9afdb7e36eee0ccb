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

  go(address, state, onOutcome) {
    if (this.window === null)
      return;
    this.window.location.replace(address);
    const watch = setInterval(() => this.window.closed && end(null), 500);
    const end = listen(() => this.window, state, outcome => {
      clearInterval(watch);
      onOutcome(outcome);
    });
  }

  close() {
    this.window?.close();
  }
}

class Frame {
  go(address, state, onOutcome) {
    const iframe = frame.querySelector('iframe');
    iframe.src = address;
    const end = listen(() => iframe.contentWindow, state, outcome => {
      frame.onclose = null;
      frame.close();
      iframe.removeAttribute('src');
      onOutcome(outcome);
    });
    frame.onclose = () => end(null);
    frame.showModal();
  }

  close() {}
}

/** Waits for the callback's message: from that window, and with the state that was sent. */
function listen(from, state, onOutcome) {
  const end = outcome => {
    removeEventListener('message', hear);
    onOutcome(outcome);
  };
  const hear = event => {
    if (event.source === from() && event.data?.type === 'finx_callback' && event.data.state === state)
      end(event.data);
  };
  addEventListener('message', hear);
  return end;
}
