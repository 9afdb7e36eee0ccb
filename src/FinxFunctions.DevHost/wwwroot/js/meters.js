import { lifetimes, now } from './clock.js';
import { element } from './element.js';
import { formatSpan } from './format.js';

/** The lives of a connection's tokens and consent, as bars that fill while time passes. */
export class Meters {
  #bars = [
    new Bar('Refresh token', connection => span(connection.refreshed_at, connection.refresh_expires_at), { next: connection => connection.next_rotation_at }),
    new Bar('Access token', connection => connection.refreshed_at && ending(Date.parse(connection.refreshed_at) + lifetimes.access, lifetimes.access), { renewal: 'a new one on request' }),
    new Bar('Bank\u2019s consent', connection => connection.consent_expires_at && ending(Date.parse(connection.consent_expires_at), lifetimes.consent)),
  ];
  element = element('div.meters', {}, ...this.#bars.map(bar => bar.element));

  show(connection) {
    this.element.hidden = connection.status !== 'active';
    for (const bar of this.#bars)
      bar.show(connection);
  }
}

const span = (from, to) => from && to && { from: Date.parse(from), to: Date.parse(to) };
const ending = (to, length) => ({ from: to - length, to });

class Bar {
  #life; #next; #renewal;
  #gone = element('div.gone');
  #mark = element('div.mark');
  #line = element('small');
  #meter;

  /**
   * @param {(connection: object) => {from: number, to: number}|null} life
   * @param {{next?: (connection: object) => string|null, renewal?: string}} more when it is replaced; what happens at its end, where that is no harm
   */
  constructor(name, life, { next = () => null, renewal = null } = {}) {
    [this.#life, this.#next, this.#renewal] = [life, next, renewal];
    this.#meter = element('div.meter', { role: 'meter', 'aria-label': name, 'aria-valuemin': '0', 'aria-valuemax': '100' }, this.#gone, this.#mark);
    this.element = element('div', {}, element('div.name', {}, name), this.#meter, this.#line);
  }

  show(connection) {
    const life = this.#life(connection);
    this.element.hidden = !life;
    if (!life)
      return;

    const [length, time] = [life.to - life.from, now()];
    const percent = at => Math.min(100, Math.max(0, 100 * (at - life.from) / length));
    const next = this.#next(connection);
    const isOver = time >= life.to;
    const due = next && (Date.parse(next) <= time ? 'rotation is due' : `rotation in ${formatSpan(Date.parse(next) - time)}`);
    const left = isOver ? 'over' : `${formatSpan(life.to - time)} left`;

    this.#line.textContent = `${left}${due ? `, ${due}` : isOver && this.#renewal ? `, ${this.#renewal}` : ` of ${formatSpan(length)}`}`;
    this.#gone.style.setProperty('--gone', percent(time));
    this.#mark.hidden = !next;
    this.#mark.style.setProperty('--mark', next ? percent(Date.parse(next)) : 0);
    this.#meter.dataset.state = isOver ? this.#renewal ? 'idle' : 'over' : percent(time) > 75 ? 'late' : 'good';
    this.#meter.setAttribute('aria-valuenow', Math.round(percent(time)));
    this.#meter.setAttribute('aria-valuetext', `${Math.round(percent(time))} % of ${formatSpan(length)} gone, ${left}${due ? `, ${due}` : ''}`);
  }
}
