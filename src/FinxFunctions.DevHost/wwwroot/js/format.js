const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

export const formatTime = value => value ? dateTime.format(new Date(value)) : '–';

export const formatDay = value => value ? date.format(new Date(value)) : '–';

export function formatMoney(amount, currency) {
  if (typeof amount !== 'number')
    return '–';
  return currency ? new Intl.NumberFormat(undefined, { style: 'currency', currency }).format(amount) : String(amount);
}

export const formatIban = iban => iban?.replace(/(.{4})(?=.)/g, '$1\u00a0');
