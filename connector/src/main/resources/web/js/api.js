/** HTTP to our own origin: bearer in every call, and failures as errors a person can read. */

/** A call that failed. `status` is 0 when no answer came at all. */
export class ApiError extends Error {
  /**
   * @param {string} text what went wrong, in words
   * @param {{status?: number, code?: string, hint?: string, requestId?: string}} details `hint` says what to change
   */
  constructor(text, {status = 0, code = '', hint = '', requestId = ''} = {}) {
    super(text);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.hint = hint;
    this.requestId = requestId;
  }

  /** Whether the bearer is the problem, so that trying again with it is no use. */
  get isDenied() {
    return this.status === 401 || this.status === 403;
  }

  /** Both halves of the message as one text. */
  get words() {
    return this.hint && this.hint !== this.message ? `${this.message}: ${this.hint}` : this.message;
  }
}

/**
 * Calls and answers the response if its status is 2xx.
 *
 * @param {string} url
 * @param {string} token bearer; none is sent when empty
 * @param {RequestInit} [init]
 * @returns {Promise<Response>}
 * @throws {ApiError} with the words of the server's error envelope, where there is one; an abort passes as it is
 */
export async function call(url, token, init = {}) {
  const headers = new Headers(init.headers);
  if (token) {
    headers.set('Authorization', `Bearer ${token}`);
  }
  const response = await reach(url, {...init, headers, cache: 'no-store'});
  if (!response.ok) {
    throw await failureOf(response);
  }
  return response;
}

/** The JSON API with one bearer. */
export class Api {
  /** @param {string} token */
  constructor(token) {
    this.token = token;
  }

  /** @param {string} path @returns {Promise<any>} the answer's JSON */
  async get(path) {
    return readJson(await call(path, this.token));
  }

  /** @param {string} path @param {object} body sent as JSON @returns {Promise<any>} the answer's JSON */
  async post(path, body) {
    return readJson(await call(path, this.token, {
      method: 'POST',
      headers: {'Content-Type': 'application/json'},
      body: JSON.stringify(body),
    }));
  }
}

async function reach(url, init) {
  try {
    return await fetch(url, init);
  } catch (cause) {
    if (cause.name === 'AbortError') {
      throw cause;
    }
    throw new ApiError('The server cannot be reached', {hint: 'check the network connection'});
  }
}

/** Routes older than this project answer `{status, data}`, and failures with HTTP 200. */
async function readJson(response) {
  const json = await response.json();
  if (json === null || typeof json.status !== 'boolean') {
    return json;
  }
  if (!json.status) {
    throw new ApiError(String(json.error), {status: response.status, code: String(json.error)});
  }
  return json.data;
}

/** @param {Response} response @returns {Promise<ApiError>} */
async function failureOf(response) {
  let envelope = {};
  try {
    envelope = await response.json();
  } catch {
    // A proxy in between may answer with a page of its own; then the status has to do.
  }
  return new ApiError(envelope?.error || `The server answered ${response.status} ${response.statusText}`.trim(), {
    status: response.status,
    code: envelope?.code,
    hint: envelope?.message,
    requestId: envelope?.requestId,
  });
}
