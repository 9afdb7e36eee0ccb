/**
 * Makes an element. Text stays text: nothing here is ever parsed as HTML.
 * @param {string} name tag and classes, such as 'span.chip'
 * @param {object} properties DOM properties; those with a dash are attributes
 * @param {...(Node|string|null|undefined)} children
 */
export function element(name, properties = {}, ...children) {
  const [tag, ...classes] = name.split('.');
  const made = document.createElement(tag);
  made.classList.add(...classes.filter(Boolean));
  for (const [key, value] of Object.entries(properties))
    key.includes('-') ? made.setAttribute(key, value) : made[key] = value;
  made.append(...children.filter(child => child !== null && child !== undefined));
  return made;
}
