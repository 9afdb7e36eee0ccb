import { call } from './api.js';
import { element } from './element.js';
import { formatDay, formatIban, formatMoney } from './format.js';
import { attempt, problemNotice } from './notice.js';

const pageSize = 10;

/** The accounts of a connection, and the transactions of all or one of them. */
export async function accountsOf(connectionId) {
  const path = `connections/${encodeURIComponent(connectionId)}`;
  const { accounts } = await call('GET', `${path}/accounts`);
  const transactions = element('div', { 'aria-live': 'polite' });
  const choices = element('ul.choices.accounts', {},
    choice('All accounts', `${accounts.length} in all`, null, path),
    ...accounts.map(account => choice(
      account.name ?? account.type ?? account.account_id,
      formatIban(account.iban) ?? account.account_number ?? '',
      formatMoney(account.balance?.balance, account.currency),
      `${path}/accounts/${encodeURIComponent(account.account_id)}`)));

  function choice(name, line, balance, source) {
    return element('li', {}, element('button', { type: 'button', 'aria-pressed': 'false', onclick: event => choose(event.currentTarget, source) },
      element('span', {}, element('strong', {}, name), element('small', {}, line)),
      balance && element('span.amount', {}, balance)));
  }

  async function choose(button, source) {
    for (const other of choices.querySelectorAll('button'))
      other.setAttribute('aria-pressed', other === button);
    transactions.replaceChildren(await transactionsOf(source));
  }

  await choose(choices.querySelector('button'), path);
  return element('div.parts', {}, element('h3', {}, 'Accounts'), choices, element('h3', {}, 'Transactions'), transactions);
}

async function transactionsOf(source) {
  const rows = element('tbody');
  const more = element('button', { type: 'button', onclick: event => attempt(event.currentTarget, next) }, 'Show more');
  const table = element('table', {},
    element('thead', {}, element('tr', {}, ...['Date', 'With', 'Amount'].map(name => element('th', { scope: 'col' }, name)))),
    rows);

  async function next() {
    const { transactions } = await call('GET', `${source}/transactions?count=${pageSize}&offset=${rows.childElementCount}`);
    rows.append(...transactions.map(row));
    more.hidden = transactions.length < pageSize;
  }

  try {
    await next();
    return rows.childElementCount ? element('div.parts', {}, table, more) : element('p.soft', {}, 'None.');
  } catch (error) {
    return problemNotice(error);
  }
}

const row = transaction => element('tr', {},
  element('td', {}, formatDay(transaction.booked_at)),
  element('td', {}, transaction.name ?? transaction.booking_text ?? '–', element('small', {}, transaction.purpose ?? '')),
  element(`td.amount${transaction.amount > 0 ? '.in' : ''}`, {}, formatMoney(transaction.amount, transaction.currency)));
