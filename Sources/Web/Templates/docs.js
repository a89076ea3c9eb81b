// Lets a reader of /docs try each request against this server, and copy its curl line. Asks nobody else.
'use strict';

const controls = (form, place) => [...form.querySelectorAll(`[data-place="${place}"]`)].filter((one) => one.value !== '');

function address(form) {
  let path = form.dataset.path;
  for (const one of controls(form, 'path')) path = path.replace(`{${one.name}}`, encodeURIComponent(one.value));
  const parameters = new URLSearchParams(controls(form, 'query').map((one) => [one.name, one.value]));
  // The values of a filter, a line each: most=20 is the parameter arg.most.
  for (const line of controls(form, 'values').flatMap((one) => one.value.split('\n'))) {
    const [, name, value] = /^\s*(?:arg\.)?([^=]*?)\s*=(.*)$/.exec(line) ?? [];
    if (name) parameters.append(`arg.${name}`, value);
  }
  const query = parameters.toString();
  return query ? `${path}?${query}` : path;
}

function request(form) {
  const headers = new Headers();
  for (const one of controls(form, 'header')) headers.set(one.name, one.value);
  const options = { method: form.dataset.method, headers, redirect: 'follow', cache: 'no-store' };
  const body = form.querySelector('[data-place="body"]');
  if (!body) return options;
  const type = form.querySelector('[data-place="type"]').value;
  options.body = body.value;
  if (type === 'application/x-www-form-urlencoded' || type === 'multipart/form-data') {
    const fields = type === 'multipart/form-data' ? new FormData() : new URLSearchParams();
    for (const [name, value] of Object.entries(JSON.parse(body.value))) {
      for (const one of [value].flat()) fields.append(name, typeof one === 'object' ? JSON.stringify(one) : String(one));
    }
    options.body = fields;
  } else {
    headers.set('Content-Type', type);
  }
  return options;
}

function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function pretty(text, type) {
  if (!/[/+]json\b/.test(type)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

async function send(form) {
  const result = form.querySelector('.result');
  result.replaceChildren(element('p', 'Waiting for the answer …'));
  try {
    const response = await fetch(address(form), request(form));
    const text = await response.text();
    const status = `${response.status} ${response.statusText}`.trim();
    const shown = [element('p', status, response.ok ? 'status' : 'status bad')];
    shown.push(element('pre', [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n')));
    if (text) shown.push(element('pre', pretty(text, response.headers.get('Content-Type') ?? '')));
    result.replaceChildren(...shown);
    for (const one of result.querySelectorAll('pre')) one.tabIndex = 0;
  } catch (error) {
    const words = error instanceof SyntaxError ? 'The body is not JSON, which the fields of a form are taken from.' : 'The server did not answer.';
    result.replaceChildren(element('p', words, 'status bad'));
  }
}

for (const form of document.querySelectorAll('form.try')) {
  form.hidden = false;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    send(form);
  });
}

// Only where the browser lets a page write to the clipboard.
if (navigator.clipboard) {
  for (const line of document.querySelectorAll('.line')) {
    const button = element('button', 'Copy', 'copy');
    button.type = 'button';
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(line.textContent);
      button.textContent = 'Copied';
      setTimeout(() => { button.textContent = 'Copy'; }, 2000);
    });
    line.after(button);
  }
}

// A link to one request opens it.
function open() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) target.open = true;
}
addEventListener('hashchange', open);
open();
