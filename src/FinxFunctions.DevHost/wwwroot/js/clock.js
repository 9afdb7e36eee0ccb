let ahead = 0;

/** How long things live, in milliseconds; the workbench says otherwise where it knows. */
export const lifetimes = { access: 3_600_000, consent: 180 * 86_400_000 };

/** The time by which app and finX live: the sandbox's clock, or the real one. */
export const now = () => Date.now() + ahead;

export function setClock(state) {
  ahead = Date.parse(state.now) - Date.now();
  lifetimes.access = state.access_token_seconds * 1000;
  lifetimes.consent = state.consent_seconds * 1000;
}
