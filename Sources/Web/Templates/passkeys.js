// Signs in with a passkey, and adds one to an account: the two things of these pages that a browser does for a script alone
// (Web Authentication, level 3). Asks nobody but this server.
'use strict';

const decode = (text) => {
  const base64 = text.replace(/-/g, '+').replace(/_/g, '/');
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
};
const encode = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

// Browsers before level 3 take and give bytes where JSON has base64url; the two functions below do what theirs would.
const decodeIds = (list) => (list ?? []).map((one) => ({ ...one, id: decode(one.id) }));

function creationOptions(json) {
  if (PublicKeyCredential.parseCreationOptionsFromJSON) return PublicKeyCredential.parseCreationOptionsFromJSON(json);
  return {
    ...json,
    challenge: decode(json.challenge),
    user: { ...json.user, id: decode(json.user.id) },
    excludeCredentials: decodeIds(json.excludeCredentials),
  };
}

function requestOptions(json) {
  if (PublicKeyCredential.parseRequestOptionsFromJSON) return PublicKeyCredential.parseRequestOptionsFromJSON(json);
  return { ...json, challenge: decode(json.challenge), allowCredentials: decodeIds(json.allowCredentials) };
}

function credentialJSON(credential) {
  if (credential.toJSON) return credential.toJSON();
  const { response } = credential;
  const bytes = { clientDataJSON: encode(response.clientDataJSON) };
  for (const name of ['attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (response[name]) bytes[name] = encode(response[name]);
  }
  if (response.getTransports) bytes.transports = response.getTransports();
  return {
    id: credential.id,
    rawId: encode(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: bytes,
  };
}

/** What the server or the browser did not do, in words for whoever waits for it. */
class Refusal extends Error {}

async function post(address, body) {
  let response;
  try {
    response = await fetch(address, {
      method: 'POST',
      headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Refusal('The server does not answer. Try again in a moment.');
  }
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  throw new Refusal(words(answer) || 'That did not work. Try again in a moment.');
}

/** The sentences of a problem (RFC 9457). What is wrong with a field is told by the field's own label. */
function words(problem) {
  const faults = (problem.errors ?? []).map(({ pointer, message }) => {
    const control = document.getElementById((pointer ?? '').slice(1));
    const label = control?.labels?.[0]?.firstChild?.textContent.trim();
    return label ? `${label}: ${message}.` : `${message}.`;
  });
  return faults.length ? faults.join(' ') : problem.detail;
}

function reason(error, stopped) {
  if (error instanceof Refusal) return error.message;
  switch (error.name) {
    // Browsers do not say which it was, lest a page learn what the device knows.
    case 'NotAllowedError':
    case 'AbortError':
      return stopped;
    case 'InvalidStateError':
      return 'This device has a passkey for your account already.';
    case 'SecurityError':
      return 'Passkeys do not work at this address. Open the site by its own name.';
    case 'NotSupportedError':
    case 'ConstraintError':
      return 'This device can’t keep passkeys.';
    default:
      return 'That did not work on this device.';
  }
}

/** Runs what a button starts, once at a time, and says beside it what went wrong. */
async function attempt(button, fault, stopped, act) {
  if (button.getAttribute('aria-disabled') === 'true') return;
  button.setAttribute('aria-disabled', 'true');
  fault.textContent = '';
  try {
    await act();
  } catch (error) {
    fault.textContent = reason(error, stopped);
  } finally {
    button.removeAttribute('aria-disabled');
  }
}

/** Where to go after signing in: a path of this site and nothing else. */
function destination() {
  const next = document.querySelector('input[name="next"]')?.value ?? '';
  return /^\/(?![/\\])/.test(next) ? next : '/auth/me';
}

async function signIn() {
  const { ticket, options } = await post('/auth/passkeys/sign-in/options', {});
  const credential = await navigator.credentials.get({ publicKey: requestOptions(options) });
  await post('/auth/passkeys/sign-in', { ticket, credential: credentialJSON(credential) });
  location.assign(destination());
}

async function add(form) {
  const { ticket, options } = await post('/auth/passkeys/options', { password: form.elements.password?.value ?? null });
  const credential = await navigator.credentials.create({ publicKey: creationOptions(options) });
  const name = form.elements.name.value.trim() || null;
  await post('/auth/passkeys', { ticket, name, credential: credentialJSON(credential) });
  location.reload();
}

if (window.PublicKeyCredential) {
  const block = document.getElementById('_passkey-sign-in');
  if (block) {
    const button = block.querySelector('button');
    block.hidden = false;
    button.addEventListener('click', () => {
      const stopped = 'No passkey came: you stopped it, it took too long, or this device has none for this site.';
      attempt(button, block.querySelector('.fault'), stopped, signIn);
    });
  }
  const form = document.getElementById('_passkey-form');
  if (form) {
    form.hidden = false;
    document.getElementById('_passkey-lacking').hidden = true;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const fault = form.querySelector('.fault[role="alert"]');
      attempt(form.querySelector('button'), fault, 'No passkey was made: you stopped it, or it took too long.', () => add(form));
    });
  }
}
