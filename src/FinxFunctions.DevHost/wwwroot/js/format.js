const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const second = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

export const formatTime = value => value ? dateTime.format(new Date(value)) : '–';

export const formatSecond = value => second.format(new Date(value));

export const formatDay = value => value ? date.format(new Date(value)) : '–';

/** @param {number} milliseconds */
export function formatSpan(milliseconds) {
  const minutes = milliseconds / 60_000;
  const [count, unit] = minutes >= 2 * 1440 ? [minutes / 1440, 'day'] : minutes >= 120 ? [minutes / 60, 'hour'] : [minutes, 'minute'];
  const whole = Math.round(count);
  return `${whole} ${unit}${whole === 1 ? '' : 's'}`;
}

export function formatMoney(amount, currency) {
  if (typeof amount !== 'number')
    return '–';
  return currency ? new Intl.NumberFormat(undefined, { style: 'currency', currency }).format(amount) : String(amount);
}

export const formatIban = iban => iban?.replace(/(.{4})(?=.)/g, '$1\u00a0');
